import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ReceivedUpdates } from './received-updates.ts';

const UPDATES = [3, 0, 127, 128, 300, 2_000_000, 1].map((length, at) => new Uint8Array(length).fill(at + 1));

function framed(updates: readonly Uint8Array[]): Buffer {
  return Buffer.concat(updates.flatMap((update) => [varUint(update.length), update]));
}

function varUint(value: number): Uint8Array {
  return value < 128
    ? Uint8Array.of(value)
    : Buffer.concat([Uint8Array.of((value % 128) | 128), varUint(Math.floor(value / 128))]);
}

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function read(bytes: Uint8Array, chunk: number, size = bytes.length): ReceivedUpdates {
  const received = new ReceivedUpdates(size);
  for (let at = 0; at < bytes.length; at += chunk) {
    const part = new Uint8Array(bytes.subarray(at, at + chunk));
    received.add(part);
    part.fill(0xee);
  }
  return received;
}

test('REPL-5 what is fetched in chunks is the same however it was cut', () => {
  const bytes = framed(UPDATES);
  for (const chunk of [997, 4_096, 256 * 1024, bytes.length]) {
    const found = read(bytes, chunk).end(hashOf(bytes));
    assert.equal(found.length, UPDATES.length);
    for (const [at, update] of found.entries()) assert.equal(Buffer.compare(update, UPDATES[at] ?? bytes), 0);
  }
  const few = framed(UPDATES.slice(0, 5));
  for (const chunk of [1, 2, 7]) assert.deepEqual(read(few, chunk).end(hashOf(few)), UPDATES.slice(0, 5));
  assert.deepEqual(read(Buffer.alloc(0), 1).end(hashOf(Buffer.alloc(0))), []);
});

test('REPL-17 what is not what was announced is refused: too long, too short, cut in an update or a length, or other bytes', () => {
  const bytes = framed(UPDATES.slice(0, 5));
  const refused = (task: () => unknown): void => assert.throws(task, { code: 'malformed' });
  refused(() => read(bytes, 64, bytes.length - 1));
  refused(() => read(bytes, 64, bytes.length + 1).end(hashOf(bytes)));
  refused(() => read(bytes, 64).end(hashOf(bytes.subarray(1))));
  for (const cut of [bytes.subarray(0, -1), Buffer.from([128]), Buffer.from([3, 1])])
    refused(() => read(cut, 64).end(hashOf(cut)));
  // Each costs more than its bytes.
  refused(() => read(Buffer.alloc(1_001), 64));
  // A length is not believed beyond what was announced.
  refused(() => read(Buffer.from([255, 255, 255, 255, 15]), 64));
});
