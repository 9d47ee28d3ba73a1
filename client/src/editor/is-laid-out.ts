/** Whether an element is laid out, and not skipped for being far from the screen. Safari tells that since 17.4. */
export function isLaidOut(element: Element): boolean {
  return 'checkVisibility' in element && element.checkVisibility({ contentVisibilityAuto: true });
}
