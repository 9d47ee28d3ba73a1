/** The page that an address asks for. */
export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'document'; readonly document: string }
  | { readonly page: 'device' }
  | { readonly page: 'cluster' }
  | { readonly page: 'not-found' };

const DOCUMENT = '/d/';

/** The address of the page that lists and clears what this browser keeps. */
export const DEVICE_PATH = '/device';

/** The address of the operator's page that draws the cluster. */
const CLUSTER_PATH = '/admin/cluster';

/** The address of a document's page, as a path. Any name that the server takes goes in, as one segment. */
export function documentPath(document: string): string {
  return DOCUMENT + encodeURIComponent(document);
}

/** Reads a path as {@link documentPath} writes it; slashes that somebody left bare belong to the name too. */
export function parsePath(path: string): Route {
  if (path === '/' || path === '') return { page: 'list' };
  if (path === DEVICE_PATH) return { page: 'device' };
  if (path === CLUSTER_PATH) return { page: 'cluster' };
  if (!path.startsWith(DOCUMENT) || path === DOCUMENT) return { page: 'not-found' };
  try {
    return { page: 'document', document: decodeURIComponent(path.slice(DOCUMENT.length)) };
  } catch {
    // The percent signs of the address are no UTF-8: there is no such document.
    return { page: 'not-found' };
  }
}
