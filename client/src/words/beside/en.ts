/** What is said of what stands beside tables and blocks: English. */
export const besideWords = {
  table: {
    menu: 'Table',
    row: (at: number, of: number) => `Row ${at} of ${of}`,
    column: (at: number, of: number) => `Column ${at} of ${of}`,
    addRow: 'Add a row at the end',
    addColumn: 'Add a column at the end',
    rowBefore: 'Insert row above',
    rowAfter: 'Insert row below',
    columnBefore: 'Insert column before',
    columnAfter: 'Insert column after',
    rowUp: 'Move row up',
    rowDown: 'Move row down',
    columnBack: 'Move column back',
    columnOn: 'Move column on',
    deleteRow: 'Delete row',
    deleteColumn: 'Delete column',
    deleteTable: 'Delete table',
    mergeCells: 'Merge cells',
    splitCell: 'Split cell',
    headerRow: 'First row is a header',
    headerColumn: 'First column is a header',
    wider: 'Make column wider',
    narrower: 'Make column narrower',
    'align-start': 'Align to the start',
    'align-center': 'Align to the middle',
    'align-end': 'Align to the end',
    'background-none': 'No background',
    'background-grey': 'Grey',
    'background-red': 'Red',
    'background-yellow': 'Yellow',
    'background-green': 'Green',
    'background-blue': 'Blue',
    'background-purple': 'Purple',
  },
  block: {
    menu: 'Block',
    handle: 'Block menu',
    handleMore: 'Click for the menu, drag to move',
    moved: 'Moved',
    moving: 'Moving',
    left: 'Left where it was',
  },
};

/** Each language has the same messages. */
export type BesideWords = typeof besideWords;

export type TableWords = BesideWords['table'];

export type BlockWords = BesideWords['block'];
