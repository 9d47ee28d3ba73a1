/**
 * The stories that also run in Firefox, by the file of each and the beginning of its name: what a person does most, what is made of what
 * browsers do differently, and what was once wrong there. Others ask Chromium for what only it tells (its protocol), or look at
 * pictures.
 */
export const IN_FIREFOX: readonly (readonly [file: string, name: string])[] = [
  ['first-press', 'the first press puts the caret where it is'],
  ['first-press', 'a press behind the end of a line'],
  ['images', 'KEEP-11, PILL-1: an image of a page without a server'],
  ['inline', 'CONTENTS-1: a table of contents leads to its headings by keyboard'],
  ['keyboard', 'everything works from the keyboard alone'],
  ['keyboard', 'a document with a heading, a list and a table'],
  ['keyboard', 'Enter in the title goes to the text'],
  ['keyboard', 'a key works where the one before it left the caret'],
  ['long-document', 'a long document is gone through by presses and keys'],
  ['offline', 'KEEP-1 SW-1: words typed without a network'],
  ['offline', 'KEEP-7 PILL-4: a full disk'],
  ['paste', 'PASTE-1, PASTE-5: what Word wrote'],
  ['paste', 'PASTE-2: Markdown'],
  ['paste', 'PASTE-6: what is copied here'],
  ['tables', 'a column takes the width'],
  ['tables', 'cells from a spreadsheet'],
  ['two-people', 'undo takes back only'],
  ['two-people', 'what others write does not take the caret back'],
];
