import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Session } from '../document/session.ts';
import { SheafError } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { PeerRequest } from './accept.ts';
import { closeCode, type Ending, endingOf } from './close-codes.ts';
import { GrantTimer } from './grant-timer.ts';
import type { ProtocolContext } from './protocol-context.ts';
import { Seat } from './seat.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';
import { readSync } from './sync-frames.ts';

/** Message types of y-websocket's protocol (y-websocket 3.1). */
const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const QUERY_AWARENESS = 3;

const DIALECT = {
  prefix: new Uint8Array(0),
  frameKey: 'y-websocket',
  sync: SYNC,
  awareness: AWARENESS,
};
/** An awareness message about nobody: it only shows that the server is there. */
const NOBODY = new Uint8Array([AWARENESS, 1, 0]);

/** Reads one socket that speaks y-websocket's protocol (SPEC YW): one document, no acknowledgements. */
export function acceptYWebSocket(
  context: ProtocolContext,
  socket: MessageSocket,
  request: { peer: PeerRequest; document: DocumentName },
): SocketHandler {
  const connection = new YWebSocketConnection(context, socket);
  void connection.start(request.peer.token, request.document);
  return connection;
}

class YWebSocketConnection implements SocketHandler {
  readonly #context: ProtocolContext;
  readonly #socket: MessageSocket;
  readonly #grantTimer: GrantTimer;
  #session: Session | null = null;
  #over = false;
  #refused = false;
  #stopBeat: () => void = () => {};

  constructor(context: ProtocolContext, socket: MessageSocket) {
    this.#context = context;
    this.#socket = socket;
    this.#grantTimer = new GrantTimer({
      time: context.time,
      // The protocol can't ask: the client comes back with a newer token by itself.
      ask: () => {},
      expired: () => this.#end('expired', 'The token has expired.'),
    });
  }

  /** Nothing is read before it is known who this is and the document is open. */
  async start(token: string, document: DocumentName): Promise<void> {
    this.#socket.pause();
    try {
      const grant = await this.#context.access.authorize({ token, document });
      const voice = {
        acknowledge: () => {},
        refuse: () => this.#refuse(),
        close: (reason: Ending, words: string) => this.#end(reason, words),
      };
      const seat = new Seat({ socket: this.#socket, dialect: DIALECT, grant, voice });
      const session = await this.#context.documents.join(document, seat);
      if (this.#over) {
        session.leave();
        return;
      }
      this.#session = session;
      this.#grantTimer.set(grant.expires);
      session.queryPresence();
    } catch (thrown) {
      const error = SheafError.from(thrown);
      this.#end(endingOf(error.code), error.message);
      return;
    }
    this.#stopBeat = this.#context.keepAlive.add(() => this.#socket.send(NOBODY));
    this.#socket.onDrain(() => this.#session?.drained());
    this.#socket.resume();
  }

  message(data: Uint8Array): void {
    if (this.#over || this.#session === null) return;
    try {
      read(this.#session, decoding.createDecoder(data));
    } catch (thrown) {
      this.#end('malformed', SheafError.from(thrown).message);
    }
  }

  lost(): void {
    this.#session?.lost();
  }

  resumed(): void {
    this.#session?.resumed();
  }

  closed(): void {
    this.#over = true;
    this.#stop();
  }

  /** The protocol has no word for "not accepted" but this one, and no client needs it twice. */
  #refuse(): void {
    if (this.#refused) return;
    this.#refused = true;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, AUTH);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, 'read-only');
    this.#socket.send(encoding.toUint8Array(encoder));
  }

  #end(ending: Ending, words: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#stop();
    this.#socket.close(closeCode(ending), words);
  }

  #stop(): void {
    this.#grantTimer.clear();
    this.#stopBeat();
    this.#session?.leave();
  }
}

function read(session: Session, decoder: decoding.Decoder): void {
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case SYNC:
      readSync(session, decoder);
      return;
    case AWARENESS:
      session.presence(decoding.readVarUint8Array(decoder));
      return;
    case QUERY_AWARENESS:
      session.queryPresence();
      return;
    default:
      throw new SheafError('malformed', `A message of unknown type ${type}.`);
  }
}
