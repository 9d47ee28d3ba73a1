/*
 * In place of `lib0/logging`, by which Yjs says what is wrong: that one writes in colours and draws on pages, and is a tenth of
 * what Yjs comes to. A name that it lacks fails the build.
 */

export const BOLD = '';
export const UNBOLD = '';
export const RED = '';
export const ORANGE = '';

/** Writes a line to the browser's console. */
export function print(...parts: readonly unknown[]): void {
  // oxlint-disable-next-line no-console -- it is what Yjs asks for
  console.log(...parts.filter((part) => part !== ''));
}

/** Writes a warning to the browser's console. */
export function warn(...parts: readonly unknown[]): void {
  // oxlint-disable-next-line no-console -- it is what Yjs asks for
  console.warn(...parts.filter((part) => part !== ''));
}
