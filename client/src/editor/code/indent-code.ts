import type { Command } from '@tiptap/pm/state';
import type { Way } from '../style/indentation.ts';

/** A step further in. */
const STEP = '  ';
/** What a step further out takes away at the beginning of a line. */
const OUT = /^(?: {1,2}|\t)/;

/** In code: a step at the caret, or at the beginning of each line that is selected; a step out takes one away there. */
export function indentCode(way: Way): Command {
  return ({ schema, selection, tr }, dispatch) => {
    const { $from, $to, empty } = selection;
    const { parent } = $from;
    if (!parent.type.spec.code || !$from.sameParent($to)) return false;
    if (way === 'in' && empty) tr.insertText(STEP);
    else {
      const text = parent.textContent;
      const lines = [text.slice(0, $from.parentOffset).lastIndexOf('\n') + 1];
      for (
        let at = text.indexOf('\n', lines[0]);
        at >= 0 && at + 1 < $to.parentOffset;
        at = text.indexOf('\n', at + 1)
      )
        lines.push(at + 1);
      // From the last on, so that the others stay where they are.
      for (const line of lines.toReversed()) {
        const at = $from.start() + line;
        if (way === 'in') tr.insert(at, schema.text(STEP));
        else tr.delete(at, at + (OUT.exec(text.slice(line))?.[0].length ?? 0));
      }
    }
    if (tr.docChanged) dispatch?.(tr.scrollIntoView());
    return true;
  };
}
