import { getSchema } from '@tiptap/core';
import type { Extensions } from '@tiptap/core';
import Code from '@tiptap/extension-code';
import CodeBlock from '@tiptap/extension-code-block';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import Link from '@tiptap/extension-link';
import type { Schema } from '@tiptap/pm/model';
import StarterKit from '@tiptap/starter-kit';
import { Callout, Toggle } from './container-nodes.ts';
import { HEADING_LEVELS } from './leaves.ts';
import { isSafeLink } from './links.ts';
import { MARK_EXTENSIONS } from './mark-extensions.ts';
import { File, Image } from './media.ts';
import { OpaqueBlock, OpaqueInline } from './opaque.ts';
import type { ElementLike } from './opaque.ts';
import { TEXT_SUGGESTIONS } from './suggestions.ts';
import { TraitAttributes } from './traits.ts';
import { Table, TableCell, TableHeader, TableRow } from './table-nodes.ts';

/** Marks and bars stand where the text begins, whichever way it is written. */
const EITHER_WAY = { HTMLAttributes: { dir: 'auto' } };

/** A link holds its address and nothing else: how it opens is the page's, not the document's. */
const AddressOnly = Link.extend({
  addAttributes: () => ({
    href: { default: null, parseHTML: (element: ElementLike) => element.getAttribute('href') },
  }),
});

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
      link: false,
      code: false,
      bulletList: EITHER_WAY,
      orderedList: EITHER_WAY,
      blockquote: EITHER_WAY,
      codeBlock: false,
      heading: { levels: [...HEADING_LEVELS] },
    }),
    // Tiptap's takes every other mark off: a link would be lost, and a suggestion.
    Code.extend({ excludes: 'code' }),
    CodeBlock.extend({ marks: TEXT_SUGGESTIONS.join(' ') }).configure({
      // Moving the caret below a code block must not write a paragraph there.
      exitOnArrowDown: false,
    }),
    AddressOnly.configure({
      autolink: false,
      openOnClick: false,
      markdownLinks: true,
      protocols: ['http', 'https', 'mailto', 'tel'],
      defaultProtocol: 'https',
      isAllowedUri: isSafeLink,
      HTMLAttributes: { target: '_blank', rel: 'noopener noreferrer nofollow' },
    }),
    TaskList.configure(EITHER_WAY),
    TaskItem.configure({ nested: true }),
    Callout,
    Toggle,
    Table,
    TableRow,
    TableCell,
    TableHeader,
    Image,
    File,
    OpaqueBlock,
    OpaqueInline,
    ...MARK_EXTENSIONS,
    TraitAttributes,
  ];
}

/** The ProseMirror schema of {@link documentExtensions}; it works without a DOM. */
export function documentSchema(): Schema {
  return getSchema(documentExtensions());
}
