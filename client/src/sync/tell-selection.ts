/**
 * Has an editor read now where the browser put the caret. A browser tells that in a task of its own, which comes behind keys that
 * wait (Selection API, "scheduling a selectionchange event"): what is done before it, by others or by the next key, would be
 * done where the caret was before.
 */
export function tellSelection(): void {
  document.dispatchEvent(new Event('selectionchange'));
}
