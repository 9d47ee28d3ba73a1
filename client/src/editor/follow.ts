import type { Editor } from '@tiptap/core';
import { createSubscriber } from 'svelte/reactivity';

/** Called where runes read the editor: they read it again after each of its transactions. */
export function followEditor(editor: Editor): () => void {
  return createSubscriber((update) => {
    // 'update' also tells that the editor became editable.
    editor.on('transaction', update).on('update', update);
    return () => void editor.off('transaction', update).off('update', update);
  });
}
