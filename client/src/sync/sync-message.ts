import * as decoding from 'lib0/decoding';

/** Message types of Hocuspocus's protocol. */
const SYNC = 0;
const AWARENESS = 1;
/** Kinds of sync messages (y-protocols, sync). */
const STEP_2 = 1;
const UPDATE = 2;

/** What a message of Hocuspocus's protocol is for the page. */
export type Received =
  /** What others wrote: an update, V1. `answer`: it is all that the page lacked when it asked. */
  | { readonly kind: 'answer' | 'change'; readonly update: Uint8Array }
  | { readonly kind: 'presence' }
  | { readonly kind: 'other' };

/** Reads what `message` (a document's name, a type, and what that type says) is. Anything that is cut off is `other`. */
export function readReceived(message: ArrayBuffer): Received {
  try {
    const decoder = decoding.createDecoder(new Uint8Array(message));
    decoding.readVarUint8Array(decoder);
    const type = decoding.readVarUint(decoder);
    if (type === AWARENESS) return { kind: 'presence' };
    if (type !== SYNC) return { kind: 'other' };
    const step = decoding.readVarUint(decoder);
    if (step !== UPDATE && step !== STEP_2) return { kind: 'other' };
    const update = decoding.readVarUint8Array(decoder);
    return { kind: step === UPDATE ? 'change' : 'answer', update };
  } catch {
    // Whoever reads it whole tells what is wrong with it.
    return { kind: 'other' };
  }
}
