import { isIPv4 } from 'node:net';

/** Which pages may talk to the server. */
export interface OriginRules {
  /** Where people reach the server, if it is not the request's own host. */
  readonly publicUrl: URL | null;
  /** Further origins, as browsers write them: scheme, host and port without a path. */
  readonly origins: readonly string[];
  /**
   * Whether a request's Host must be a loopback name, or the host of `publicUrl` or `origins`. For `open` access
   * on loopback: without it a page whose name is rebound to 127.0.0.1 would pass as the page's own.
   */
  readonly checkHost: boolean;
}

/** The two headers that are judged, as node:http gives them. */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/** Whether it is a name or an address of this machine alone. Brackets of IPv6 may be there. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIPv4(name) && name.startsWith('127.');
}

/** Whether the request comes from a page that may, or from a program (which sends no Origin), and names this server. */
export function isOriginAllowed(headers: OriginHeaders, rules: OriginRules): boolean {
  return isHostAllowed(headers.host, rules) && isPageAllowed(headers, rules);
}

/** The same of a request that is known to name this server. */
export function isPageAllowed(headers: OriginHeaders, rules: OriginRules): boolean {
  if (headers.origin === undefined) return true;
  const origin = parseOrigin(headers.origin);
  if (!origin) return false;
  if (origin.origin === rules.publicUrl?.origin || rules.origins.includes(origin.origin)) return true;
  // The scheme is left out: behind a proxy that ends TLS the server does not know its own.
  return headers.host !== undefined && sameHost(origin, headers.host);
}

/** Whether the server may be asked by that name. */
export function isHostAllowed(host: string | undefined, rules: OriginRules): boolean {
  if (!rules.checkHost) return true;
  // Only HTTP/1.0 has no Host, and no browser speaks that.
  if (host === undefined) return true;
  const asked = parseOrigin(`http://${host}`);
  if (!asked) return false;
  if (isLoopback(asked.hostname)) return true;
  const known = [...rules.origins, ...(rules.publicUrl ? [rules.publicUrl.origin] : [])];
  return known.some((origin) => {
    const url = parseOrigin(origin);
    return url !== null && sameHost(url, host);
  });
}

/** An Origin or a host as a URL; null for `null` (a sandboxed page or a file) and for what is none. */
function parseOrigin(text: string): URL | null {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return bare && !text.endsWith('/') ? url : null;
}

/** Compares under the page's scheme, whose default port either may leave out. */
function sameHost(page: URL, host: string): boolean {
  return URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}
