import { ParseError, render } from 'katex';
import 'katex/dist/katex.min.css';
import { LONGEST_DRAWN, MATH_OPTIONS } from './options.ts';

/**
 * Shows `tex` in `element`, for eyes and, as MathML, for screen readers. What means nothing is shown as it was typed; then
 * gives what is wrong with it, in KaTeX's words. Nothing in a formula makes a page fetch or run anything.
 */
export function renderMath(element: HTMLElement, tex: string, display: boolean): string | null {
  try {
    if (tex.length > LONGEST_DRAWN) throw new ParseError('The formula is too long.');
    render(tex, element, { ...MATH_OPTIONS, displayMode: display });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    element.textContent = tex;
    return error.message.replace(/^KaTeX parse error: /, '');
  }
}
