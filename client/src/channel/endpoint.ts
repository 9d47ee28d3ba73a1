import { CHANNEL_HEADER, FRAMES_TYPE, KEY_HEADER } from '@sheaf/proto/channel/address';
import type { ChannelProtocol } from '@sheaf/proto/channel/classify';

/** Where a channel leads to. */
export interface Endpoint {
  /** For a WebSocket: as it was given, but absolute, with `ws:` or `wss:`. */
  readonly webSocketUrl: string;
  /** For HTTP: without the token, and without a slash at the end. The paths of a channel go behind its path. */
  readonly httpUrl: URL;
  readonly origin: string;
  /** From `?token=`: to be sent as a header, which no log keeps. */
  readonly token: string | null;
  readonly protocol: ChannelProtocol;
}

/**
 * Reads `url`: `ws:`, `wss:`, `http:`, `https:`, or relative to `base`, a page's address. A path that ends with
 * `/hocuspocus` is Hocuspocus's protocol, any other y-websocket's, and so is a document of that name behind `/yjs/`. Throws SyntaxError, as WebSocket does.
 */
export function readEndpoint(url: string, base: string | undefined): Endpoint {
  const webSocket = parse(url, base);
  if (webSocket.protocol === 'http:') webSocket.protocol = 'ws:';
  if (webSocket.protocol === 'https:') webSocket.protocol = 'wss:';
  if (webSocket.protocol !== 'ws:' && webSocket.protocol !== 'wss:')
    throw new SyntaxError(`A channel can't lead to ${webSocket.protocol} addresses.`);
  webSocket.hash = '';
  const httpUrl = new URL(webSocket);
  httpUrl.protocol = webSocket.protocol === 'ws:' ? 'http:' : 'https:';
  const token = httpUrl.searchParams.get('token');
  httpUrl.searchParams.delete('token');
  httpUrl.pathname = httpUrl.pathname.replace(/\/+$/, '');
  return {
    webSocketUrl: webSocket.href,
    httpUrl,
    origin: httpUrl.origin,
    token,
    protocol: protocolOf(httpUrl.pathname),
  };
}

function protocolOf(path: string): ChannelProtocol {
  return path.endsWith('/hocuspocus') && !path.includes('/yjs/') ? 'hocuspocus' : 'yjs';
}

/** The address of `path` below an endpoint, with parameters. */
export function addressOf(
  endpoint: Endpoint,
  path: string,
  parameters: Readonly<Record<string, number>> = {},
): string {
  const { origin, pathname, search } = endpoint.httpUrl;
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const joined = [...(search === '' ? [] : [search.slice(1)]), ...query].join('&');
  return `${origin}${pathname}${path}${joined === '' ? '' : `?${joined}`}`;
}

/** The headers of a channel's requests. */
export function headersOf(endpoint: Endpoint, id: Uint8Array, key: Uint8Array): Record<string, string> {
  return {
    'content-type': FRAMES_TYPE,
    [CHANNEL_HEADER]: hexadecimal(id),
    [KEY_HEADER]: hexadecimal(key),
    ...(endpoint.token === null ? {} : { authorization: `Bearer ${endpoint.token}` }),
  };
}

function parse(url: string, base: string | undefined): URL {
  try {
    return new URL(url, base);
  } catch (thrown) {
    throw new SyntaxError(`"${url}" is no address.`, { cause: thrown });
  }
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
