// In a page, before its own code: notes when the document's first text is on the screen.
const look = () => {
  const text = document.querySelector('.ProseMirror h1')?.textContent ?? '';
  if (text === '') requestAnimationFrame(look);
  // The frame that shows it has been drawn when the next one begins.
  else requestAnimationFrame(() => Reflect.set(globalThis, 'benchVisibleMs', performance.now()));
};
requestAnimationFrame(look);
