import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { SheafError } from '../error.ts';
import { parseDocumentName } from '../store/document-name.ts';
import type { PeerRequest } from './accept.ts';
import { closeCode, type Ending, endingOf } from './close-codes.ts';
import { HocuspocusSeat } from './hocuspocus-seat.ts';
import { Type } from './hocuspocus-types.ts';
import type { ProtocolContext } from './protocol-context.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';

const PING = new Uint8Array([Type.ping]);
const PONG = new Uint8Array([Type.pong]);

/** Reads one socket that speaks Hocuspocus's protocol (SPEC HP): many documents, told apart by address. */
export function acceptHocuspocus(
  context: ProtocolContext,
  socket: MessageSocket,
  peer: PeerRequest,
): SocketHandler {
  const connection = new HocuspocusConnection(context, socket, peer);
  connection.start();
  return connection;
}

/**
 * One socket. A message is `varString address  varUint type  body`; the address is a document's name, or
 * `name NUL session`. Ping and pong are one bare byte.
 */
class HocuspocusConnection implements SocketHandler {
  readonly #context: ProtocolContext;
  readonly #socket: MessageSocket;
  readonly #peer: PeerRequest;
  readonly #seats = new Map<string, HocuspocusSeat>();
  /** The seat of the last message: most sockets have one. */
  #last: HocuspocusSeat | null = null;
  #authorizing = 0;
  #authenticated = false;
  #strangerBytes = 0;
  #over = false;
  #deadline: NodeJS.Timeout | null = null;
  #pings = 0;
  #pongs = 0;
  /** Who waits for the answer to a ping, by its number: a client answers each with one pong, in order. */
  #echoes: { readonly ping: number; readonly heard: () => void }[] = [];
  #stopBeat: () => void = () => {};

  constructor(context: ProtocolContext, socket: MessageSocket, peer: PeerRequest) {
    this.#context = context;
    this.#socket = socket;
    this.#peer = peer;
  }

  start(): void {
    const { limits, keepAlive } = this.#context;
    this.#deadline = setTimeout(
      () => this.#end('timeout', 'Not authenticated in time.'),
      limits.authenticateMs,
    );
    this.#stopBeat = keepAlive.add(() => {
      if (this.#authenticated) this.#ping();
    });
    this.#socket.onDrain(() => {
      for (const seat of this.#seats.values()) seat.drained();
    });
  }

  message(data: Uint8Array): void {
    if (this.#over) return;
    if (data.length === 1) {
      if (data[0] === Type.ping) this.#socket.send(PONG);
      else if (data[0] === Type.pong) this.#pong();
      else this.#end('malformed', 'A message of one unknown byte.');
      return;
    }
    try {
      this.#read(data);
    } catch (thrown) {
      this.#end('malformed', SheafError.from(thrown).message);
    }
  }

  #ping(): void {
    this.#pings += 1;
    this.#socket.send(PING);
  }

  #pong(): void {
    this.#pongs = Math.min(this.#pongs + 1, this.#pings);
    while (this.#echoes[0] !== undefined && this.#echoes[0].ping <= this.#pongs)
      this.#echoes.shift()?.heard();
  }

  readonly #askEcho = (heard: () => void): void => {
    // A client that never answers: whoever asks has a bound of his own.
    if (this.#echoes.length >= this.#context.limits.sessionsPerConnection) return;
    this.#ping();
    this.#echoes.push({ ping: this.#pings, heard });
  };

  lost(): void {
    for (const seat of this.#seats.values()) seat.lost();
  }

  resumed(): void {
    for (const seat of this.#seats.values()) seat.resumed();
  }

  closed(): void {
    this.#over = true;
    this.#stop();
    for (const seat of this.#seats.values()) seat.leave();
    this.#seats.clear();
  }

  #read(data: Uint8Array): void {
    const decoder = decoding.createDecoder(data);
    const seat = this.#seatOf(decoder);
    if (typeof seat === 'string') {
      this.#readStranger(seat, decoder);
      return;
    }
    const type = decoding.readVarUint(decoder);
    if (type === Type.auth) this.#readAuth(seat.address, decoder, seat);
    else if (type === Type.close) this.#leave(seat);
    else if (type === Type.broadcastStateless) this.#end('forbidden', 'Only servers broadcast.');
    else seat.read(type, decoder);
  }

  /** The seat that a message is for, or the address of one that there is not. */
  #seatOf(decoder: decoding.Decoder): HocuspocusSeat | string {
    const last = this.#last;
    if (last?.isAddressed(decoder.arr)) {
      decoder.pos = last.prefix.length;
      return last;
    }
    const address = decoding.readVarString(decoder);
    const seat = this.#seats.get(address);
    if (seat === undefined) return address;
    this.#last = seat;
    return seat;
  }

  /** Before its authentication a client's messages are not kept: its handshake brings all that they hold. */
  #readStranger(address: string, decoder: decoding.Decoder): void {
    if (decoding.readVarUint(decoder) === Type.auth) {
      this.#readAuth(address, decoder, null);
      return;
    }
    this.#strangerBytes += decoder.arr.length;
    if (!this.#authenticated && this.#strangerBytes > this.#context.limits.unauthenticatedBytes)
      this.#end('unauthorized', 'Too much before authentication.');
  }

  #readAuth(address: string, decoder: decoding.Decoder, seat: HocuspocusSeat | null): void {
    const kind = decoding.readVarUint(decoder);
    if (kind !== 0) throw new SheafError('malformed', 'An authentication message of an unknown kind.');
    const token = decoding.readVarString(decoder) || this.#peer.token;
    const { documentNameBytes, sessionIdBytes } = this.#context.limits;
    // It stands before every message to this client, however small.
    if (Buffer.byteLength(address) > documentNameBytes + 1 + sessionIdBytes)
      throw new SheafError('malformed', 'An address that is too long.');
    if (seat !== null) {
      void this.#refresh(seat, token);
      return;
    }
    if (this.#seats.size + this.#authorizing >= this.#context.limits.sessionsPerConnection) {
      this.#deny(address, 'too-many-documents');
      return;
    }
    void this.#admit(address, token);
  }

  /** Nothing else is read while somebody's right is looked up and the document opens. */
  async #admit(address: string, token: string): Promise<void> {
    this.#authorizing += 1;
    this.#socket.pause();
    try {
      const document = parseDocumentName(address.split('\0', 1)[0] ?? '');
      const grant = await this.#context.access.authorize({ token, document });
      const seat = new HocuspocusSeat({
        context: this.#context,
        socket: this.#socket,
        address,
        document,
        grant,
        askEcho: this.#askEcho,
        end: this.#endSeat,
      });
      const session = await this.#context.documents.join(document, seat.subscriber);
      // It may have been deleted in between.
      if (this.#over || session.closed) session.leave();
      else {
        this.#authenticated = true;
        if (this.#deadline !== null) clearTimeout(this.#deadline);
        this.#seats.set(address, seat);
        seat.begin(session);
      }
    } catch (thrown) {
      this.#notAdmitted(address, SheafError.from(thrown));
    }
    this.#authorizing -= 1;
    if (this.#authorizing === 0) this.#socket.resume();
  }

  #notAdmitted(address: string, error: SheafError): void {
    if (this.#over) return;
    const ending = endingOf(error.code);
    if (ending === 'unauthorized' || ending === 'forbidden' || error.code === 'bad-name')
      this.#deny(address, 'permission-denied');
    else if (ending === 'deleted' || ending === 'corrupt') this.#deny(address, ending);
    else this.#end(ending, error.message);
  }

  async #refresh(seat: HocuspocusSeat, token: string): Promise<void> {
    try {
      const grant = await this.#context.access.authorize({ token, document: seat.document });
      if (this.#has(seat)) seat.renew(grant);
    } catch (thrown) {
      if (!this.#has(seat)) return;
      this.#notAdmitted(seat.address, SheafError.from(thrown));
      this.#leave(seat);
    }
  }

  #deny(address: string, reason: string): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, Type.auth);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, reason);
    this.#socket.send(encoding.toUint8Array(encoder));
  }

  /** Whether it has not left: another may have taken its address since. */
  #has(seat: HocuspocusSeat): boolean {
    return this.#seats.get(seat.address) === seat;
  }

  #forget(seat: HocuspocusSeat): void {
    if (this.#has(seat)) this.#seats.delete(seat.address);
    if (this.#last === seat) this.#last = null;
  }

  #leave(seat: HocuspocusSeat): void {
    this.#forget(seat);
    seat.sendClose('provider_initiated');
    seat.leave();
  }

  /** The engine ended a stay: some reasons concern one document, the others the whole connection. */
  readonly #endSeat = (seat: HocuspocusSeat, ending: Ending, words: string): void => {
    if (ending !== 'deleted' && ending !== 'expired') {
      this.#end(ending, words);
      return;
    }
    this.#forget(seat);
    if (ending === 'expired') this.#deny(seat.address, 'permission-denied');
    seat.sendClose(words);
    seat.leave();
  };

  #end(ending: Ending, words: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#stop();
    for (const seat of this.#seats.values()) seat.leave();
    this.#seats.clear();
    this.#socket.close(closeCode(ending), words);
  }

  #stop(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#stopBeat();
  }
}
