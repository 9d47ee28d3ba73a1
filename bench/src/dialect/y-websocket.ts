import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { SYNC } from './dialect.ts';
import type { Dialect } from './dialect.ts';

/* y-websocket's protocol: varUint(type) body, and the document is in the path. */
const TYPE_SYNC = 0;

function sync(kind: number, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, TYPE_SYNC);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** A client of y-websocket's protocol, without presence. Its messages name no document: `read` gives ''. */
export const yWebsocket: Dialect = {
  path: (document) => `/${encodeURIComponent(document)}`,
  documentsPerConnection: 1,
  syncs: true,
  open: (_document, vector) => [sync(SYNC.step1, vector)],
  question: (_document, vector) => sync(SYNC.step1, vector),
  answer: (_document, update) => sync(SYNC.step2, update),
  update: (_document, update) => sync(SYNC.update, update),
  read: (message) => {
    const decoder = decoding.createDecoder(message);
    if (decoding.readVarUint(decoder) !== TYPE_SYNC) return { kind: 'other' };
    const kind = decoding.readVarUint(decoder);
    if (kind === SYNC.step1) return { kind: 'question', document: '' };
    const update = decoding.readVarUint8Array(decoder);
    return { kind: 'content', document: '', update, complete: kind === SYNC.step2 };
  },
};
