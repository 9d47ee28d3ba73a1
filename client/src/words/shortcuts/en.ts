/** The messages of the sheet of shortcuts: English. */
export const shortcutWords = {
  title: 'Keyboard shortcuts',
  search: 'Search shortcuts',
  nothing: 'Nothing found',
  typed: 'typed at the beginning of a line',
  leave: 'Leave the text',
  toBar: 'To the format bar',
  slash: 'Insert a block',
  colon: 'Emoji by its name',
  sheet: 'This sheet, outside the text',
  indent: 'Indent an item, a paragraph or code',
  outdent: 'Move it back out',
  check: 'Check a task, or open and close a toggle',
  toHead: 'To the language of code',
  groups: {
    history: 'Undo',
    mark: 'Text',
    heading: 'Headings',
    list: 'Lists and blocks',
    align: 'Alignment',
    insert: 'Insert',
    block: 'Blocks',
    view: 'View',
    page: 'Page',
  },
};

/** Each language has the same messages. */
export type ShortcutWords = typeof shortcutWords;
