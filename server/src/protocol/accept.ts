import type { DocumentName } from '../store/document-name.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';

/** Who knocks: what is known of a peer before its first message. */
export interface PeerRequest {
  /** The peer's address, behind trusted proxies the one that they name. */
  readonly address: string;
  /** From `Authorization: Bearer`, `?token=` or the subprotocol `sheaf.token.…`; '' without one. Never log it. */
  readonly token: string;
  /** The page's origin, already checked; null for a program. */
  readonly origin: string | null;
}

/**
 * One function per protocol endpoint: takes a socket that has just opened and answers with what reads it.
 * It may call `pause` before it returns. No message is delivered before it has returned.
 */
export interface Accept {
  hocuspocus(socket: MessageSocket, peer: PeerRequest): SocketHandler;
  yjs(socket: MessageSocket, peer: PeerRequest, document: DocumentName): SocketHandler;
}
