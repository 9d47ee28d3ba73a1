import { entryOf } from '../names.ts';
import { textWithin } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** What is deeper comes as its text. */
const DEEPEST = 60;
/** Names of functions, which TeX sets upright. */
const FUNCTIONS = new Set(
  'arccos arcsin arctan arg cos cosh cot csc deg det dim exp gcd hom inf ker lim ln log max min sec sin sinh sup tan tanh'.split(
    ' ',
  ),
);
/** Operators that have their bounds below and above them. */
const BOUNDED = /^(?:[∑∏∐⋃⋂⨁⨂∫∮]|\\(?:lim|max|min|sup|inf|det|gcd))$/;
const ACCENTS: Readonly<Record<string, string>> = {
  '^': '\\hat',
  ˆ: '\\hat',
  '¯': '\\bar',
  '‾': '\\overline',
  '~': '\\tilde',
  '˜': '\\tilde',
  '→': '\\vec',
  '˙': '\\dot',
  '¨': '\\ddot',
  '⏞': '\\overbrace',
  '⏟': '\\underbrace',
  _: '\\underline',
};

/** What MathML is made of: elements that hold others, and those that hold text. */
const HOLDERS = new Set(
  'math maction menclose merror mfenced mfrac mlabeledtr mmultiscripts mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtr munder munderover none semantics'.split(
    ' ',
  ),
);
const TOKENS = new Set(['mi', 'mn', 'mo', 'ms', 'mtext']);

/**
 * MathML as the TeX that means the same, a string that runs nothing; '' if it shows nothing, or holds what is no MathML: HTML, links,
 * or words outside its tokens.
 */
export function texOfMathml(element: HtmlElement): string {
  if (!isPure(element)) return '';
  return write(element, 0).replace(/ {2,}/g, ' ').trim();
}

/** Whether there is nothing but MathML within an element, whatever its depth. */
function isPure(element: HtmlElement): boolean {
  const waiting = [element];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (/^annotation(?:-xml)?$/.test(next.name)) continue;
    const token = TOKENS.has(next.name);
    if (!token && !HOLDERS.has(next.name)) return false;
    if (next.attribute('href') !== null || next.attribute('xlink:href') !== null) return false;
    for (const child of next.children)
      if (child.type === 'element') waiting.push(child);
      else if (!token && /\S/.test(child.text)) return false;
  }
  return true;
}

function write(node: HtmlNode, depth: number): string {
  if (node.type === 'text') return escaped(node.text.trim());
  if (depth > DEEPEST) return `\\text{${escaped(textWithin(node))}}`;
  const { name } = node;
  const parts = node.children.filter((child) => child.type === 'element');
  const part = (index: number) => {
    const child = parts[index];
    return child ? write(child, depth + 1) : '';
  };
  const all = () => node.children.map((child) => write(child, depth + 1)).join(' ');
  const words = () => textWithin(node).trim();
  switch (name) {
    case 'mi':
      return identifier(words());
    case 'mo':
      return operator(words());
    case 'mtext':
    case 'ms':
      return `\\text{${escaped(words())}}`;
    case 'mfrac':
      return `\\frac{${part(0)}}{${part(1)}}`;
    case 'msqrt':
      return `\\sqrt{${all().trim()}}`;
    case 'mroot':
      return `\\sqrt[${part(1)}]{${part(0)}}`;
    case 'msup':
      return `${grouped(part(0))}^{${part(1)}}`;
    case 'msub':
      return `${grouped(part(0))}_{${part(1)}}`;
    case 'msubsup':
      return `${grouped(part(0))}_{${part(1)}}^{${part(2)}}`;
    case 'munder':
      return accented(parts, part(0)) ?? below(part(0), part(1));
    case 'mover':
      return accented(parts, part(0)) ?? above(part(0), part(1));
    case 'munderover':
      return BOUNDED.test(part(0))
        ? `${part(0)}_{${part(1)}}^{${part(2)}}`
        : above(below(part(0), part(1)), part(2));
    case 'mfenced':
      return `${operator(node.attribute('open') ?? '(')}${parts.map((_, at) => part(at)).join(' , ')}${operator(node.attribute('close') ?? ')')}`;
    case 'mtable':
      return `\\begin{matrix} ${parts.map((_, at) => part(at)).join(' \\\\ ')} \\end{matrix}`;
    case 'mtr':
    case 'mlabeledtr':
      return parts.map((_, at) => part(at)).join(' & ');
    case 'semantics':
      return part(0);
    case 'annotation':
    case 'annotation-xml':
    case 'mphantom':
    case 'mprescripts':
    case 'none':
      return '';
    default:
      return all();
  }
}

function identifier(words: string): string {
  if ([...words].length <= 1) return escaped(words);
  return FUNCTIONS.has(words) ? `\\${words}` : `\\mathrm{${escaped(words)}}`;
}

function operator(words: string): string {
  if (FUNCTIONS.has(words)) return `\\${words}`;
  // Signs that apply a function, or multiply, without being seen.
  return escaped(words.replace(/[\u2061-\u2064]/g, '').replaceAll('\u2212', '-'));
}

/** A base with a sign of its own above or below it; null if that is none of those. */
function accented([, sign]: readonly HtmlNode[], base: string): string | null {
  const accent = sign && entryOf(ACCENTS, textWithin(sign, 2).trim());
  return accent === undefined || BOUNDED.test(base) ? null : `${accent}{${base}}`;
}

function below(base: string, under: string): string {
  return BOUNDED.test(base) ? `${base}_{${under}}` : `\\underset{${under}}{${base}}`;
}

function above(base: string, over: string): string {
  return BOUNDED.test(base) ? `${base}^{${over}}` : `\\overset{${over}}{${base}}`;
}

/** A base as one thing. */
function grouped(base: string): string {
  return [...base].length <= 1 || /^\\[a-zA-Z]+$/.test(base) ? base : `{${base}}`;
}

function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\{}#$%&_^~]/g, (sign) => {
    if (sign === '\\') return '\\backslash ';
    if (sign === '^') return '\\wedge ';
    return sign === '~' ? '\\sim ' : `\\${sign}`;
  });
}
