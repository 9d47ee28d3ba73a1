import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Grant } from '../access/access.ts';
import type { CopyCount } from '../document/assurance.ts';
import type { Session } from '../document/session.ts';
import type { Subscriber } from '../document/subscriber.ts';
import { SheafError } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Ending } from './close-codes.ts';
import { GrantTimer } from './grant-timer.ts';
import { Type } from './hocuspocus-types.ts';
import type { ProtocolContext } from './protocol-context.ts';
import { Seat } from './seat.ts';
import type { MessageSocket } from './socket.ts';
import { readSync } from './sync-frames.ts';

/** A client's stateless message that asks to be told on how many servers its changes are (SPEC ACK-11). */
const ASKS_COPIES = '{"sheaf":"copies"}';

/** What a seat of Hocuspocus's protocol is made of. */
export interface HocuspocusSeatOptions {
  readonly context: ProtocolContext;
  readonly socket: MessageSocket;
  /** What its messages begin with. */
  readonly address: string;
  readonly document: DocumentName;
  readonly grant: Grant;
  /** See {@link Subscriber.askEcho}. */
  readonly askEcho: (heard: () => void) => void;
  /** The engine, or the end of the grant, ends it. */
  readonly end: (seat: HocuspocusSeat, ending: Ending, words: string) => void;
}

/** One document on a socket that speaks Hocuspocus's protocol. */
export class HocuspocusSeat {
  readonly address: string;
  readonly document: DocumentName;
  /** The address as it stands at the front of each message. */
  readonly prefix: Uint8Array;
  readonly subscriber: Subscriber;
  readonly #seat: Seat;
  readonly #context: ProtocolContext;
  readonly #socket: MessageSocket;
  readonly #acknowledgement: Uint8Array;
  readonly #refusal: Uint8Array;
  readonly #grantTimer: GrantTimer;
  #session: Session | null = null;
  #asksCopies = false;

  constructor(options: HocuspocusSeatOptions) {
    const { address, socket, grant } = options;
    this.address = address;
    this.document = options.document;
    this.#context = options.context;
    this.#socket = socket;
    this.prefix = message(address, () => {});
    this.#acknowledgement = message(address, (encoder) => {
      encoding.writeVarUint(encoder, Type.syncStatus);
      encoding.writeVarInt(encoder, 1);
    });
    this.#refusal = message(address, (encoder) => {
      encoding.writeVarUint(encoder, Type.syncStatus);
      encoding.writeVarInt(encoder, 0);
    });
    const dialect = {
      prefix: this.prefix,
      frameKey: `hocuspocus:${address}`,
      sync: Type.sync,
      awareness: Type.awareness,
    };
    const voice = {
      acknowledge: (count: number) => this.#acknowledge(count),
      refuse: () => socket.send(this.#refusal),
      askEcho: options.askEcho,
      tellCopies: (count: number, { nodes, of }: CopyCount) => {
        if (this.#asksCopies) this.#sendStateless(JSON.stringify({ sheaf: 'copies', count, nodes, of }));
      },
      close: (reason: Ending, words: string) => options.end(this, reason, words),
    };
    this.#seat = new Seat({ socket, dialect, grant, voice });
    this.subscriber = this.#seat;
    this.#grantTimer = new GrantTimer({
      time: options.context.time,
      ask: () => this.#askForToken(),
      expired: () => options.end(this, 'expired', 'The token has expired.'),
    });
  }

  /** Says that the client is in, and who is here. */
  begin(session: Session): void {
    this.#session = session;
    this.#sendAuthenticated();
    this.#grantTimer.set(this.#seat.grant.expires);
    session.queryPresence();
  }

  /** A newer token was accepted. */
  renew(grant: Grant): void {
    if (grant.principal.id !== this.#seat.grant.principal.id)
      throw new SheafError('forbidden', "The new token is somebody else's.");
    this.#seat.grant = grant;
    this.#grantTimer.set(grant.expires);
    this.#sendAuthenticated();
  }

  /** Whether a message begins with this seat's address. */
  isAddressed(data: Uint8Array): boolean {
    const { prefix } = this;
    for (let i = 0; i < prefix.length; i++) if (data[i] !== prefix[i]) return false;
    return true;
  }

  /** Reads what stands behind the type. Throws `malformed`, or what lib0 throws at bytes that end early. */
  read(type: number, decoder: decoding.Decoder): void {
    const session = this.#session;
    if (session === null) return;
    switch (type) {
      case Type.sync:
      case Type.syncReply:
        readSync(session, decoder);
        return;
      case Type.awareness:
        session.presence(decoding.readVarUint8Array(decoder));
        return;
      case Type.queryAwareness:
        session.queryPresence();
        return;
      case Type.stateless:
        this.#readStateless(decoding.readVarString(decoder));
        return;
      case Type.syncStatus:
        // Only servers acknowledge; Hocuspocus's ignores it as well.
        return;
      default:
        throw new SheafError('malformed', `A message of unknown type ${type}.`);
    }
  }

  drained(): void {
    this.#session?.drained();
  }

  lost(): void {
    this.#session?.lost();
  }

  resumed(): void {
    this.#session?.resumed();
  }

  leave(): void {
    this.#grantTimer.clear();
    this.#session?.leave();
  }

  /** Tells the client that this document's stay has ended; its socket goes on. */
  sendClose(reason: string): void {
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, Type.close);
      encoding.writeVarString(encoder, reason);
    });
  }

  #acknowledge(count: number): void {
    for (let i = 0; i < count; i++) this.#socket.send(this.#acknowledgement);
  }

  #readStateless(payload: string): void {
    if (payload === ASKS_COPIES) {
      this.#asksCopies = true;
      return;
    }
    this.#context.stateless?.({
      document: this.document,
      author: this.#seat.author,
      payload,
      reply: (answer) => this.#sendStateless(answer),
    });
  }

  #sendStateless(payload: string): void {
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, Type.stateless);
      encoding.writeVarString(encoder, payload);
    });
  }

  #sendAuthenticated(): void {
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, Type.auth);
      encoding.writeVarUint(encoder, 2);
      encoding.writeVarString(encoder, this.#seat.writable ? 'read-write' : 'readonly');
    });
  }

  #askForToken(): void {
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, Type.auth);
      encoding.writeVarUint(encoder, 0);
    });
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    this.#socket.send(message(this.address, write));
  }
}

function message(address: string, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, address);
  write(encoder);
  return encoding.toUint8Array(encoder);
}
