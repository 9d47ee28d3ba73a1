import type MarkdownIt from 'markdown-it';
import { isFormula } from './atoms.ts';
import { MATH_LANGUAGE } from './leaves.ts';

/**
 * A formula between dollar signs, as Pandoc reads it: no blank behind the first and before the last, no digit behind that,
 * so that prices are none. Signs that a table or a line takes first are left to the other way of writing.
 */
const INLINE = /^(?=[^\s])[^$\n|`<]*[^\s$|`<\\]$/;

/** Whether a formula can stand between dollar signs with `next` behind it. */
export function isInlineMath(tex: string, next: string): boolean {
  return INLINE.test(tex) && !/\d/.test(next);
}

/** Whether a text can stand between lines of two dollar signs. */
export function isMathBlock(text: string): boolean {
  return text.trim() !== '' && !/\$\$/.test(text) && !/[^\S\n ]/.test(text);
}

/** Makes a parser read formulas: `$…$` in a line, and `$$` on lines of their own around a block, which is code. */
export function addMath(parser: InstanceType<typeof MarkdownIt>): void {
  parser.inline.ruler.before('escape', 'math_inline', (state, silent) => {
    if (state.src[state.pos] !== '$' || state.src[state.pos + 1] === '$') return false;
    const end = state.src.indexOf('$', state.pos + 1);
    const tex = state.src.slice(state.pos + 1, end);
    if (end < 0 || end >= state.posMax || !isInlineMath(tex, state.src[end + 1] ?? '') || !isFormula(tex))
      return false;
    if (!silent) state.push('math_inline', '', 0).content = tex;
    state.pos = end + 1;
    return true;
  });
  parser.block.ruler.before(
    'fence',
    'math_block',
    (state, start, endLine, silent) => {
      const lineAt = (line: number) =>
        state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]).trimEnd();
      const indent = state.sCount[start] ?? 0;
      if (indent - state.blkIndent >= 4 || !lineAt(start).startsWith('$$')) return false;
      const single = /^\$\$(.+)\$\$$/.exec(lineAt(start))?.[1]?.trim();
      let next = start + 1;
      if (single === undefined) {
        if (lineAt(start) !== '$$') return false;
        const goesOn = (line: number) => lineAt(line) === '' || (state.sCount[line] ?? 0) >= state.blkIndent;
        while (next < endLine && lineAt(next) !== '$$' && goesOn(next)) next += 1;
        if (next >= endLine || lineAt(next) !== '$$') return false;
      }
      if (silent) return true;
      const token = state.push('fence', 'code', 0);
      token.info = MATH_LANGUAGE;
      token.content = single ?? state.getLines(start + 1, next, indent, true);
      token.markup = '$$';
      state.line = single === undefined ? next + 1 : next;
      token.map = [start, state.line];
      return true;
    },
    { alt: ['paragraph', 'blockquote', 'list'] },
  );
}
