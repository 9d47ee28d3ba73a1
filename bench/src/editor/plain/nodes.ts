import type { Extensions } from '@tiptap/core';
import Image from '@tiptap/extension-image';
import { TableKit } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';

/** The name of the fragment that the plain page's document is in. */
export const PLAIN_FIELD = 'default';

/** What a stock Tiptap editor is made of that knows the same blocks; undo is the collaboration's. */
export function plainNodes(): Extensions {
  return [StarterKit.configure({ undoRedo: false }), TableKit, Image];
}
