import { renderToString } from 'katex';
import { LONGEST_DRAWN, MATH_OPTIONS } from './options.ts';

/**
 * A formula in TeX as one element of MathML, which browsers show without scripts and styles; null where it means nothing
 * or is too long. Nothing in it links, fetches or runs.
 */
export function drawMathMl(tex: string, display: boolean): string | null {
  if (tex.length > LONGEST_DRAWN) return null;
  try {
    const html = renderToString(tex, { ...MATH_OPTIONS, output: 'mathml', displayMode: display });
    return /<math[^]*<\/math>/.exec(html)?.[0] ?? null;
  } catch (error) {
    // What is wrong with a formula is said in the editor, not on a page for others.
    if (error instanceof Error) return null;
    throw error;
  }
}
