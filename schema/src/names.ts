/** The nodes of the schema. A test compares them with the schema itself; each writer has an entry for every one. */
export const NODE_NAMES = [
  'blockquote',
  'bulletList',
  'callout',
  'codeBlock',
  'contents',
  'date',
  'doc',
  'embed',
  'file',
  'footnote',
  'footnoteReference',
  'hardBreak',
  'heading',
  'horizontalRule',
  'image',
  'listItem',
  'math',
  'mention',
  'opaqueBlock',
  'opaqueInline',
  'orderedList',
  'paragraph',
  'table',
  'tableCell',
  'tableHeader',
  'tableRow',
  'taskItem',
  'taskList',
  'text',
  'toggle',
] as const;
/** The name of a node of the schema. */
export type NodeName = (typeof NODE_NAMES)[number];

/** The marks of the schema, compared and written like {@link NODE_NAMES}. */
export const MARK_NAMES = [
  'bold',
  'code',
  'color',
  'deletion',
  'formatting',
  'highlight',
  'insertion',
  'italic',
  'link',
  'script',
  'strike',
  'underline',
] as const;
/** The name of a mark of the schema. */
export type MarkName = (typeof MARK_NAMES)[number];

/** The entry of a record of writers for a node or mark; undefined if its name is not of this schema. */
export function entryOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
