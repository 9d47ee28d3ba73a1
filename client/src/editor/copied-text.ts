import { Extension } from '@tiptap/core';
import type { ResolvedPos, Slice } from '@tiptap/pm/model';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import { drawn } from './when-drawn.ts';

/** What is copied, as text for other programs; until that is loaded, which is when one can write, as Tiptap does. */
export function copiedText(whenBound: (then: () => void) => void): Extension {
  let write: ((slice: Slice, $from: ResolvedPos | null) => string) | null = null;
  async function load(): Promise<void> {
    await drawn();
    ({ copiedLines: write } = await import('./copied-lines.ts'));
  }
  return Extension.create({
    name: 'copiedText',
    // Before Tiptap's own, behind which nobody is asked.
    priority: 200,
    onBeforeCreate: () => whenBound(() => void load().catch(reportError)),
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          clipboardTextSerializer: (slice, { state: { selection } }) =>
            write?.(slice, selection instanceof TextSelection ? selection.$from : null) ?? '',
        },
      }),
    ],
  });
}
