import { getSchema } from '@tiptap/core';
import type { Extensions } from '@tiptap/core';
import type { Schema } from '@tiptap/pm/model';
import StarterKit from '@tiptap/starter-kit';
import { isSafeLink } from './links.ts';

/** The levels that a heading can have; a first block of level 1 is the document's title. */
export const HEADING_LEVELS = [1, 2, 3] as const;

/** Marks and bars stand where the text begins, whichever way it is written. */
const EITHER_WAY = { HTMLAttributes: { dir: 'auto' } };

/**
 * The nodes and marks of a document, as Tiptap extensions without any user interface.
 *
 * Nothing here writes by itself: undo is Yjs's, no trailing paragraph is added, and nothing becomes a link
 * because somebody else typed it; opening and receiving must leave a document as it is.
 */
export function documentExtensions(): Extensions {
  return [
    StarterKit.configure({
      undoRedo: false,
      trailingNode: false,
      dropcursor: false,
      bulletList: EITHER_WAY,
      orderedList: EITHER_WAY,
      blockquote: EITHER_WAY,
      // Moving the caret below a code block must not write a paragraph there.
      codeBlock: { exitOnArrowDown: false },
      heading: { levels: [...HEADING_LEVELS] },
      link: {
        autolink: false,
        openOnClick: false,
        protocols: ['http', 'https', 'mailto', 'tel'],
        defaultProtocol: 'https',
        isAllowedUri: isSafeLink,
        HTMLAttributes: { target: '_blank', rel: 'noopener noreferrer nofollow' },
      },
    }),
  ];
}

/** The ProseMirror schema of {@link documentExtensions}; it works without a DOM. */
export function documentSchema(): Schema {
  return getSchema(documentExtensions());
}
