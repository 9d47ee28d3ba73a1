/*
 * What stories run in a page of WebKit's, where they are taken as texts: each sees its arguments and the page, and nothing of this file.
 */

declare global {
  interface Window {
    /** What went wrong in this page since {@link keepProblems}; nothing is kept before. */
    sheafProblems?: string[];
  }
}

/** Keeps what the page throws, and what it does against its content security policy. */
export function keepProblems(): void {
  const problems: string[] = [];
  window.sheafProblems = problems;
  addEventListener('error', ({ message }) => {
    // A page that is drawn once more for what it measured; every browser says so, and nothing is wrong.
    if (!message.startsWith('ResizeObserver loop')) problems.push(message);
  });
  addEventListener('unhandledrejection', ({ reason }) => void problems.push(String(reason)));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    problems.push(`${violatedDirective} forbids ${blockedURI}`);
  });
}

export function problemsOf(): string[] {
  return window.sheafProblems ?? [];
}

/** Whether the text can be written in. */
export function canBeWritten(): boolean {
  return document.querySelector('[data-testid=editor]')?.matches('[contenteditable=true]') === true;
}

/** What the save pill says. */
export function saveState(): string | undefined {
  return document.querySelector<HTMLElement>('[data-testid=save-state]')?.dataset['state'];
}

/** The text of each block. */
export function blocks(): string[] {
  const found = document.querySelectorAll('[data-testid=editor] :is(h1, p, pre)');
  return [...found].map(({ textContent }) => textContent);
}

/** The text of each element, in order. */
export function textsOf(selector: string): string[] {
  return [...document.querySelectorAll<HTMLElement>(selector)].map((element) => element.innerText.trim());
}

/** The text with the end of the selection, which is the bar. */
export function caret(): string {
  const { focusNode, focusOffset } = document.getSelection() ?? { focusNode: null, focusOffset: 0 };
  const text = focusNode?.textContent ?? '';
  return `${text.slice(0, focusOffset)}|${text.slice(focusOffset)}`;
}

/** What is selected, a line for each line of the page. */
export function selected(): string {
  return document.getSelection()?.toString() ?? '';
}

/** The middle of an element; null where there is none. */
export function middleOf(selector: string): { x: number; y: number } | null {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
}

/** Where words of the text begin and end, at half their height; null where they do not stand. */
export function endsOf(
  words: string,
): { from: { x: number; y: number }; to: { x: number; y: number } } | null {
  const text = document.querySelector('[data-testid=editor]');
  if (!text) return null;
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.nodeValue?.indexOf(words) ?? -1;
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    const box = range.getBoundingClientRect();
    const y = box.y + box.height / 2;
    return { from: { x: box.left, y }, to: { x: box.right, y } };
  }
  return null;
}

/** Pastes a picture as a browser does that has one on its clipboard. */
export function pastePicture(base64: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([Uint8Array.fromBase64(base64)], 'dot.png', { type: 'image/png' }));
  const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  document.querySelector('[data-testid=editor]')?.dispatchEvent(pasted);
}

/** Whether the picture of the text is drawn. */
export function isPictureDrawn(): boolean {
  return (document.querySelector<HTMLImageElement>('[data-testid=editor] figure img')?.naturalWidth ?? 0) > 0;
}
