/** What of footnotes is fetched when somebody comes to the text: what writes, and what goes through a clipboard. */
export { withCarried } from './carried-notes.ts';
export { copied, pasted } from './carrying.ts';
export { deleteNote, giveNote, goToNote, goToReference, insertFootnote, referAgain } from './editing.ts';
