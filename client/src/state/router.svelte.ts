import { parsePath } from './route.ts';

/** Follows the address bar: links within the site change the page without loading it anew. */
export class Router {
  #path = $state.raw(location.pathname);
  readonly route = $derived(parsePath(this.#path));

  /** Goes to `path`, an entry of the history more. */
  go(path: string): void {
    if (path === this.#path) return;
    history.pushState(null, '', path);
    this.#show(path);
  }

  /** Takes over the clicks on links within the site, and back and forward, until `signal` ends. */
  listen(signal: AbortSignal): void {
    window.addEventListener('popstate', () => this.#show(location.pathname), { signal });
    document.addEventListener('click', (event) => this.#follow(event), { signal });
  }

  #show(path: string): void {
    // Text that is left with the focus loses it now, and not while it is taken away, when nobody may listen.
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && activeElement.isContentEditable) activeElement.blur();
    this.#path = path;
  }

  #follow(event: MouseEvent): void {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!plain || event.defaultPrevented || !(link instanceof HTMLAnchorElement)) return;
    const elsewhere = link.origin !== location.origin || link.target !== '' || link.hasAttribute('download');
    // In text that can be edited a click places the caret; the editor follows links itself.
    if (elsewhere || link.isContentEditable || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    this.go(link.pathname);
  }
}
