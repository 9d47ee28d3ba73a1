import { sanitize } from './sanitize.ts';

/** What browsers that know Trusted Types (W3C, level 1) have; a value of `Trusted` is made by a policy alone. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML?: (html: string) => string | null; createScriptURL?: (url: string) => string | null },
  ): { createHTML(html: string): string };
}

/** Where the build puts code, and the service worker. Nothing else is ever started as code. */
const CODE = /^\/(?:assets\/[\w.-]+\.js|sw\.js)$/;

/** Reads HTML as a tree that is on no page: it runs nothing and fetches nothing. */
export type InertParser = (html: string) => Document;

/**
 * Makes this page's policies (SPEC CSP-2), once and before anything else: HTML that any code hands to the browser as a string
 * is {@link sanitize sanitised}, addresses of code have to be the build's own, and strings as code are refused. Returns
 * the one way by which HTML is read as it is. In browsers without Trusted Types there is nothing to be made: nobody hands
 * over HTML that was not sanitised, which the other browsers show.
 */
export function protectPage(scope: Window & { readonly trustedTypes?: TrustedTypes }): InertParser {
  const { trustedTypes } = scope;
  const inert = trustedTypes?.createPolicy('sheaf-inert', { createHTML: (html) => html });
  const parse: InertParser = (html) =>
    new DOMParser().parseFromString(inert?.createHTML(html) ?? html, 'text/html');
  trustedTypes?.createPolicy('default', {
    createHTML: (html) => sanitize(parse(html).body),
    createScriptURL: (address) => (isOwnCode(address, scope.location) ? address : null),
  });
  return parse;
}

function isOwnCode(address: string, page: Location): boolean {
  if (!URL.canParse(address, page.href)) return false;
  const { origin, pathname } = new URL(address, page.href);
  return origin === page.origin && CODE.test(pathname);
}
