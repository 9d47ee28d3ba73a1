import * as decoding from 'lib0/decoding';
import { SheafError } from '../error.ts';
import type { Session } from '../document/session.ts';
import { varUintSize, writeVarUint } from '../document/byte-writer.ts';

/** Messages of y-protocols' sync protocol: varUint kind, then bytes with their length. */
export const STEP_ONE = 0;
export const STEP_TWO = 1;
export const UPDATE = 2;

/** What stands before the length of a message's bytes: `prefix`, then these varUints below 128. */
export function frameHead(prefix: Uint8Array, kinds: readonly number[], length: number): Uint8Array {
  const head = new Uint8Array(prefix.length + kinds.length + varUintSize(length));
  head.set(prefix);
  head.set(kinds, prefix.length);
  writeVarUint(head, prefix.length + kinds.length, length);
  return head;
}

/** A whole message: {@link frameHead}, then the bytes. */
export function frame(prefix: Uint8Array, kinds: readonly number[], body: Uint8Array): Uint8Array {
  const start = prefix.length + kinds.length + varUintSize(body.length);
  const message = new Uint8Array(start + body.length);
  message.set(prefix);
  message.set(kinds, prefix.length);
  writeVarUint(message, prefix.length + kinds.length, body.length);
  message.set(body, start);
  return message;
}

/** Reads a sync message behind its type: varUint kind, bytes. Throws `malformed`, or what lib0 throws. */
export function readSync(session: Session, decoder: decoding.Decoder): void {
  const kind = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder);
  if (kind === UPDATE) session.update(bytes);
  else if (kind === STEP_TWO) session.stepTwo(bytes);
  else if (kind === STEP_ONE) session.stepOne(bytes);
  else throw new SheafError('malformed', `A sync message of unknown kind ${kind}.`);
}
