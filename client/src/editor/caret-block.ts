/** The child of a text's element in which the caret stands, as the browser has it; null where it stands in none. */
export function caretBlock(text: Element): Element | null {
  const selection = document.getSelection();
  if (!selection) return null;
  const { focusNode, focusOffset } = selection;
  let at = focusNode === text ? text.childNodes[focusOffset] : focusNode;
  while (at && at.parentNode !== text) at = at.parentNode;
  return at instanceof Element ? at : null;
}
