/** Set on the text while the key that was pressed last extends its selection, for the styles of a long document. */
const EXTENDING = 'data-extending';

/** Keeps that mark as the keys are; returns what ends it. */
export function markExtending(text: HTMLElement): () => void {
  const mark = ({ key, shiftKey }: KeyboardEvent) =>
    void text.toggleAttribute(EXTENDING, shiftKey && /^(?:Arrow|Home|End|Page)/.test(key));
  text.addEventListener('keydown', mark);
  return () => text.removeEventListener('keydown', mark);
}
