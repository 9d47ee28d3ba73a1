import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { SYNC } from './dialect.ts';
import type { Dialect, Received } from './dialect.ts';

/*
 * Hocuspocus's protocol as @hocuspocus/provider 4.8 speaks it:
 *   varString(document) varUint(type) body
 * and a ping or a pong is its type alone, one byte without an address.
 */
const TYPE = { sync: 0, auth: 2, syncReply: 4, close: 7, ping: 9, pong: 10 } as const;
const AUTH = { token: 0, denied: 1 } as const;

function sync(document: string, kind: number, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, document);
  encoding.writeVarUint(encoder, TYPE.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

function authentication(document: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, document);
  encoding.writeVarUint(encoder, TYPE.auth);
  encoding.writeVarUint(encoder, AUTH.token);
  encoding.writeVarString(encoder, '');
  encoding.writeVarString(encoder, '4.8.0');
  return encoding.toUint8Array(encoder);
}

function readBody(decoder: decoding.Decoder, document: string): Received {
  const type = decoding.readVarUint(decoder);
  if (type === TYPE.close) return { kind: 'refused', reason: decoding.readVarString(decoder) };
  if (type === TYPE.auth) {
    if (decoding.readVarUint(decoder) !== AUTH.denied) return { kind: 'other' };
    return { kind: 'refused', reason: decoding.readVarString(decoder) };
  }
  if (type !== TYPE.sync && type !== TYPE.syncReply) return { kind: 'other' };
  const kind = decoding.readVarUint(decoder);
  if (kind === SYNC.step1) return { kind: 'question', document };
  return {
    kind: 'content',
    document,
    update: decoding.readVarUint8Array(decoder),
    complete: kind === SYNC.step2,
  };
}

/** A client of Hocuspocus's protocol, without presence and with an empty token. */
export function hocuspocus(path: string): Dialect {
  return {
    path: () => path,
    documentsPerConnection: 100,
    syncs: true,
    open: (document, vector) => [authentication(document), sync(document, SYNC.step1, vector)],
    question: (document, vector) => sync(document, SYNC.step1, vector),
    answer: (document, update) => sync(document, SYNC.step2, update),
    update: (document, update) => sync(document, SYNC.update, update),
    read: (message) => {
      if (message.length === 1 && message[0] === TYPE.ping)
        return { kind: 'ping', answer: Uint8Array.of(TYPE.pong) };
      const decoder = decoding.createDecoder(message);
      return readBody(decoder, decoding.readVarString(decoder));
    },
  };
}
