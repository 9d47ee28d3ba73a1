import type { IncomingMessage } from 'node:http';
import type { ChannelEndpoint } from '../channel/channels.ts';
import { SheafError } from '../error.ts';
import type { Accept } from '../protocol/accept.ts';
import { parseDocumentName } from '../store/document-name.ts';

/** A browser cannot set headers on a WebSocket: a token may travel behind this, as a subprotocol. */
export const TOKEN_SUBPROTOCOL = 'sheaf.token.';

/** The endpoint of Hocuspocus's protocol, and what stands before a document's name in that of y-websocket. */
export const HOCUSPOCUS_PATH = '/hocuspocus';
export const YJS_PREFIX = '/yjs/';

/** An answer that refuses a request. */
export class Refusal {
  readonly status: number;
  readonly words: string;

  constructor(status: number, words: string) {
    this.status = status;
    this.words = words;
  }
}

/** What a path leads to. */
export function endpointOf(path: string, accept: Accept): ChannelEndpoint | Refusal {
  if (path === HOCUSPOCUS_PATH)
    return {
      key: 'hocuspocus',
      protocol: 'hocuspocus',
      accept: (socket, peer) => accept.hocuspocus(socket, peer),
    };
  if (!path.startsWith(YJS_PREFIX)) return new Refusal(404, 'There is no such endpoint.');
  try {
    const document = parseDocumentName(decodeURIComponent(path.slice(YJS_PREFIX.length)));
    return {
      key: `yjs/${document}`,
      protocol: 'yjs',
      accept: (socket, peer) => accept.yjs(socket, peer, document),
    };
  } catch (thrown) {
    // A percent sign that encodes nothing, or a name that can't be one: both are the peer's.
    return new Refusal(
      400,
      thrown instanceof SheafError ? thrown.message : "The document's name is not encoded well.",
    );
  }
}

/** The path as it came: a URL would resolve the dots in a document's name. */
export function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '';
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** What stands behind the path. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  const target = request.url ?? '';
  const query = target.indexOf('?');
  return new URLSearchParams(query === -1 ? '' : target.slice(query));
}

/** The token that a request brings in a header, its query or a subprotocol; '' without one. Never log it. */
export function tokenOf(request: IncomingMessage, query = queryOf(request)): string {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const parameter = query.get('token');
  if (parameter !== null) return parameter;
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  return offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length) ?? '';
}
