import { getSchema } from '@tiptap/core';
import type { Extensions } from '@tiptap/core';
import Bold from '@tiptap/extension-bold';
import Code from '@tiptap/extension-code';
import CodeBlock from '@tiptap/extension-code-block';
import Document from '@tiptap/extension-document';
import HardBreak from '@tiptap/extension-hard-break';
import Italic from '@tiptap/extension-italic';
import { ListItem } from '@tiptap/extension-list/item';
import { ListKeymap } from '@tiptap/extension-list/keymap';
import { TaskItem } from '@tiptap/extension-list/task-item';
import Strike from '@tiptap/extension-strike';
import Text from '@tiptap/extension-text';
import Underline from '@tiptap/extension-underline';
import { Gapcursor } from '@tiptap/extensions/gap-cursor';
import type { Schema } from '@tiptap/pm/model';
import { Blockquote, Callout, Footnote, Toggle } from './container-nodes.ts';
import { HeadingNode } from './heading-node.ts';
import { Link } from './link-mark.ts';
import { BulletList, OrderedList, TaskList } from './list-nodes.ts';
import { MARK_EXTENSIONS } from './mark-extensions.ts';
import { Embed, File, Image } from './media.ts';
import { ContentsNode } from './contents-node.ts';
import { DateNode, FootnoteReference, MathNode, Mention } from './atom-nodes.ts';
import { OpaqueBlock, OpaqueInline } from './opaque.ts';
import { Paragraph } from './paragraph-node.ts';
import { HorizontalRule } from './rule-node.ts';
import { TEXT_SUGGESTIONS } from './suggestions.ts';
import { TraitAttributes } from './traits.ts';
import { Table, TableCell, TableHeader, TableRow } from './table-nodes.ts';

/**
 * The nodes and marks of a document, as Tiptap extensions without any user interface.
 *
 * Nothing here writes by itself: undo is Yjs's, no trailing paragraph is added, and nothing becomes a link
 * because somebody else typed it; opening and receiving must leave a document as it is.
 */
export function documentExtensions(): Extensions {
  return [
    Bold,
    Blockquote,
    BulletList,
    Document.extend({ content: '(block | footnote)+' }),
    Gapcursor,
    HardBreak,
    HeadingNode,
    HorizontalRule,
    Italic,
    ListItem,
    ListKeymap,
    OrderedList,
    Paragraph,
    Strike,
    Text,
    Underline,
    // Tiptap's takes every other mark off: a link would be lost, and a suggestion.
    Code.extend({ excludes: 'code' }),
    CodeBlock.extend({ marks: TEXT_SUGGESTIONS.join(' ') }).configure({
      // Moving the caret below a code block must not write a paragraph there.
      exitOnArrowDown: false,
    }),
    Link,
    TaskList,
    TaskItem.configure({ nested: true }),
    Callout,
    Toggle,
    Footnote,
    Table,
    TableRow,
    TableCell,
    TableHeader,
    Image,
    File,
    Embed,
    ContentsNode,
    DateNode,
    FootnoteReference,
    MathNode,
    Mention,
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
