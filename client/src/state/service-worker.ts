/** Where the build puts the worker: at the root, so that it may answer for every page. */
const ADDRESS = '/sw.js';
/** How long a page has loaded before its worker fetches the app for later, ms: a document opens first. */
const LATER_MS = 3_000;

/**
 * Lets the service worker open the app without a network, some time after the page has loaded. False where the browser has
 * none: in pages that are not of https or of this machine, and in some private windows.
 */
export function registerServiceWorker(): boolean {
  if (!('serviceWorker' in navigator)) return false;
  const register = () => {
    navigator.serviceWorker.register(ADDRESS).catch(() => {
      // The app works without: it only does not open without a network. The next visit tries again.
    });
  };
  const later = () => setTimeout(register, LATER_MS);
  if (document.readyState === 'complete') later();
  else window.addEventListener('load', later, { once: true });
  return true;
}
