import type { Editor } from '@tiptap/core';
import { rehearse } from '../editor/rehearsal.ts';
import type { Words } from '../words/en.ts';

/**
 * What a document's page gets ready behind its text: the palette and the sheet before their keys are pressed, since what is typed
 * while they are fetched goes into the text; and the first letter.
 */
export async function prepare(editor: Editor | undefined, words: Words): Promise<void> {
  if (editor?.options.editable) rehearse(editor);
  await Promise.all([
    import('./Palette.svelte'),
    words.palette(),
    words.alsoCalled(),
    import('./Shortcuts.svelte'),
    words.shortcuts(),
  ]);
}
