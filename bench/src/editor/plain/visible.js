// In a page, before its own code: notes when the document's first text is on the screen, and when it can be written in.
/** @param {string} name @param {string} selector */
const note = (name, selector) => {
  const look = () => {
    const text = document.querySelector(selector)?.textContent ?? '';
    if (text === '') requestAnimationFrame(look);
    // The frame that shows it has been drawn when the next one begins.
    else requestAnimationFrame(() => Reflect.set(globalThis, name, performance.now()));
  };
  requestAnimationFrame(look);
};
note('benchVisibleMs', '.ProseMirror h1');
note('benchWritableMs', '.ProseMirror[contenteditable=true] h1');
