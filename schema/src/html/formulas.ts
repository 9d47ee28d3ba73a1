import { isFormula } from '../atoms.ts';
import { texOfMathml } from './mathml.ts';
import { textWithin } from './tree.ts';
import type { HtmlElement } from './tree.ts';

/** A formula that a page tells in TeX. */
interface Formula {
  readonly tex: string;
  /** Whether it stands by itself. */
  readonly display: boolean;
}

/** The formula that an element stands for: MathML, or Wikipedia's picture of one; null if none. */
export function formulaOf(element: HtmlElement): Formula | null {
  const shape = element.attribute('class') ?? '';
  if (element.name === 'img') {
    const display = shape.includes('mwe-math-fallback-image-display');
    return display || shape.includes('mwe-math-fallback-image-inline')
      ? made(element.attribute('alt'), display)
      : null;
  }
  if (element.name !== 'math') return null;
  const note = annotationIn(element);
  return made(note ? textWithin(note) : texOfMathml(element), element.attribute('display') === 'block');
}

/** The source of a formula that is a block, as `writeHtml` draws it; null if an element is none, or holds words beside it. */
export function drawnSource({ name, children, attribute }: HtmlElement): string | null {
  const [only, ...more] = children;
  const drawn = only?.type === 'element' && only.name === 'math' && more.length === 0;
  return name === 'div' && drawn ? attribute('data-math') : null;
}

/** Whether an element shows what MathML beside it says: as KaTeX and MathJax draw it. */
export function isDrawnFormula({ name, attribute }: HtmlElement): boolean {
  if (name === 'nobr' || name === 'mjx-math') return attribute('aria-hidden') === 'true';
  return /(?:^|\s)katex-html(?:\s|$)/.test(attribute('class') ?? '');
}

function made(told: string | null, display: boolean): Formula | null {
  const line = told?.replace(/\s+/g, ' ').trim() ?? '';
  const tex = /^\{\\displaystyle (.*)\}$/.exec(line)?.[1]?.trim() ?? line;
  return isFormula(tex) ? { tex, display } : null;
}

/** MathML puts it last: `math`, `semantics`, `annotation`. */
function annotationIn(element: HtmlElement): HtmlElement | null {
  for (const child of element.children) {
    if (child.type === 'text') continue;
    if (child.name === 'annotation' && child.attribute('encoding') === 'application/x-tex') return child;
    const inside = child.name === 'semantics' ? annotationIn(child) : null;
    if (inside) return inside;
  }
  return null;
}
