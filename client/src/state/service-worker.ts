/** Where the build puts the worker: at the root, so that it may answer for every page. */
const ADDRESS = '/sw.js';

/**
 * Lets the service worker open the app without a network, once the page has loaded. False where the browser has none:
 * in pages that are not of https or of this machine, and in some private windows.
 */
export function registerServiceWorker(): boolean {
  if (!('serviceWorker' in navigator)) return false;
  const register = () => {
    navigator.serviceWorker.register(ADDRESS).catch(() => {
      // The app works without: it only does not open without a network. The next visit tries again.
    });
  };
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
  return true;
}
