import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LinkMessage, LinkMessageSchema, PresenceEntry } from '@sheaf/proto/replication';
import { SheafError } from '../error.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import type { Acknowledgement, Message, RemotePresence } from './message.ts';

/** Handles that are remembered behind their end, for what was on the way when it came. */
const OLD_HANDLES = 10_000;
/** More than an honest node says: documents that it has open, those of one resync, people of one message, ranges. */
const OPEN_DOCUMENTS = 500_000;
const RESYNC_DOCUMENTS = 10_000;
const PRESENCE_ENTRIES = 10_000;
const RANGE_BOUNDS = 1_024;

/**
 * One link's messages, to and from the wire. A node that has people in a document gives it a number, by which the other
 * speaks of it on this link.
 */
export class LinkCodec {
  #handles = 0;
  readonly #own = new Map<DocumentName, number>();
  readonly #ownNames = new Map<number, DocumentName>();
  readonly #theirs = new Map<DocumentName, number>();
  readonly #theirNames = new Map<number, DocumentName>();

  /** null: there is nothing to say, for the other does not follow that document any more. */
  encode(message: Message): MessageInitShape<typeof LinkMessageSchema> | null {
    switch (message.kind) {
      case 'updates': {
        const handle = this.#theirs.get(message.document);
        const document =
          handle === undefined
            ? ({ case: 'name', value: message.document } as const)
            : ({ case: 'handle', value: handle } as const);
        const { updates } = message;
        return {
          kind: {
            case: 'updates',
            value: { document, sequence: BigInt(message.sequence), updates: [...updates] },
          },
        };
      }
      case 'subscribe': {
        const { document, digest } = message;
        const value = { handle: this.#open(document), document, digest: digest ?? new Uint8Array() };
        return { kind: { case: 'subscribe', value } };
      }
      case 'unsubscribe': {
        const handle = this.#own.get(message.document);
        this.#own.delete(message.document);
        return handle === undefined ? null : { kind: { case: 'unsubscribe', value: { handle } } };
      }
      case 'presence': {
        const handle = this.#theirs.get(message.document);
        if (handle === undefined) return null;
        const value = { handle, whole: message.whole, entries: message.entries.map(encodePresence) };
        return { kind: { case: 'presence', value } };
      }
      case 'acknowledgement':
        return { kind: { case: 'acknowledgement', value: encodeAcknowledgement(message) } };
      case 'resync': {
        const value = { sequence: BigInt(message.sequence), documents: [...message.documents] };
        return { kind: { case: 'resync', value } };
      }
      case 'tombstone': {
        const value = { document: message.document, time: BigInt(message.time) };
        return { kind: { case: 'tombstone', value } };
      }
      case 'heartbeat':
        return { kind: { case: 'heartbeat', value: { sent: BigInt(message.sent) } } };
      case 'drain':
        return { kind: { case: 'drain', value: {} } };
      case 'logged': {
        const handle = this.#theirs.get(message.document);
        if (handle === undefined) return null;
        const { first, count, stateVector, deleteSet } = message.part;
        const value = { handle, first: BigInt(first), count, stateVector, deleteSet };
        return { kind: { case: 'logged', value } };
      }
    }
  }

  /** null: a kind that this version does not know. Throws `malformed`, `bad-name`. */
  decode({ kind }: LinkMessage): Message | null {
    switch (kind.case) {
      case 'updates': {
        const { document, sequence, updates } = kind.value;
        const name =
          document.case === 'name' ? parseDocumentName(document.value) : this.#named(document.value);
        const first = safe(sequence);
        check(first > 0 && updates.length > 0 && Number.isSafeInteger(first + updates.length));
        return { kind: 'updates', document: name, sequence: first, updates };
      }
      case 'subscribe': {
        const { handle, digest } = kind.value;
        const document = parseDocumentName(kind.value.document);
        const before = this.#theirs.get(document);
        if (before !== undefined) this.#theirNames.delete(before);
        check(this.#theirNames.size < OPEN_DOCUMENTS && !this.#theirNames.has(handle));
        this.#theirs.set(document, handle);
        this.#theirNames.set(handle, document);
        return { kind: 'subscribe', document, digest: digest.length === 0 ? null : new Uint8Array(digest) };
      }
      case 'unsubscribe': {
        const document = this.#theirNames.get(kind.value.handle);
        if (document === undefined) return null;
        this.#theirNames.delete(kind.value.handle);
        // It may have subscribed anew, under another number.
        if (this.#theirs.get(document) !== kind.value.handle) return null;
        this.#theirs.delete(document);
        return { kind: 'unsubscribe', document };
      }
      case 'presence': {
        const { handle, whole, entries } = kind.value;
        check(entries.length <= PRESENCE_ENTRIES);
        return {
          kind: 'presence',
          document: this.#named(handle),
          whole,
          entries: entries.map(decodePresence),
        };
      }
      case 'acknowledgement':
        return decodeAcknowledgement(kind.value);
      case 'resync': {
        check(kind.value.documents.length <= RESYNC_DOCUMENTS && kind.value.sequence > 0n);
        const documents = kind.value.documents.map(parseDocumentName);
        return { kind: 'resync', sequence: safe(kind.value.sequence), documents };
      }
      case 'tombstone': {
        const { document, time } = kind.value;
        return { kind: 'tombstone', document: parseDocumentName(document), time: safe(time) };
      }
      case 'heartbeat':
        return { kind: 'heartbeat', sent: safe(kind.value.sent) };
      case 'drain':
        return { kind: 'drain' };
      case 'logged': {
        const { handle, first, count, stateVector, deleteSet } = kind.value;
        const part = { first: Number(first), count, stateVector, deleteSet };
        return { kind: 'logged', document: this.#named(handle), part };
      }
      default:
        return null;
    }
  }

  #open(document: DocumentName): number {
    this.#handles += 1;
    this.#own.set(document, this.#handles);
    this.#ownNames.set(this.#handles, document);
    for (const [handle, name] of this.#ownNames) {
      if (this.#ownNames.size - this.#own.size <= OLD_HANDLES) break;
      if (this.#own.get(name) !== handle) this.#ownNames.delete(handle);
    }
    return this.#handles;
  }

  #named(handle: number | undefined): DocumentName {
    const document = handle === undefined ? undefined : this.#ownNames.get(handle);
    if (document === undefined)
      throw new SheafError('malformed', 'A node spoke of a document that nobody named.');
    return document;
  }
}

function encodeAcknowledgement({ received, persisted, ahead }: Acknowledgement) {
  return { received: BigInt(received), persisted: BigInt(persisted), persistedAhead: ahead.map(BigInt) };
}

function decodeAcknowledgement(value: {
  received: bigint;
  persisted: bigint;
  persistedAhead: bigint[];
}): Acknowledgement {
  const { received, persisted, persistedAhead } = value;
  check(persistedAhead.length <= RANGE_BOUNDS && persistedAhead.length % 2 === 0);
  const ahead = persistedAhead.map(safe);
  check(ahead.every((bound, at) => at === 0 || bound > (ahead[at - 1] ?? 0)));
  return { kind: 'acknowledgement', received: safe(received), persisted: safe(persisted), ahead };
}

/** 64 bits as a number that counts. Throws `malformed`. */
function safe(value: bigint): number {
  check(value <= Number.MAX_SAFE_INTEGER);
  return Number(value);
}

function check(makesSense: boolean): void {
  if (!makesSense) throw new SheafError('malformed', 'A node said what makes no sense.');
}

function encodePresence({ client, clock, state, author, writable }: RemotePresence) {
  return { client: BigInt(client), clock: BigInt(clock), state: state ?? '', author, writable };
}

function decodePresence({ client, clock, state, author, writable }: PresenceEntry): RemotePresence {
  return {
    client: safe(client),
    clock: safe(clock),
    state: state === '' ? null : state,
    author,
    writable,
  };
}
