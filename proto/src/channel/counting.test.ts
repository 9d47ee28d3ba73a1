import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeFrames, isCounted } from './frame.ts';
import type { CountedFrame } from './frame.ts';
import { BadFrame, Incoming } from './incoming.ts';
import { BadAcknowledgement, encodeClose, encodeMessage, Outgoing, PART_BYTES } from './outgoing.ts';
import type { EncodedFrame } from './outgoing.ts';

const LONGEST = 16 * 1024 * 1024;

function decode({ head, body }: EncodedFrame): CountedFrame {
  const [frame] = decodeFrames(Buffer.concat([head, body]));
  assert.ok(frame && isCounted(frame));
  return frame;
}

const text = (word: string) => new TextEncoder().encode(word);
const words = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('CH-2: each frame is taken once and in order, whichever carrier repeats it', () => {
  // Carriers start anywhere behind what was acknowledged, and are cut anywhere.
  const cuts = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.boolean()), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), cuts, (count, carriers) => {
      const outgoing = new Outgoing({ ringBytes: 1_000_000 });
      const incoming = new Incoming();
      const got: string[] = [];
      const sent = Array.from({ length: count }, (_, index) => `message ${index}`);
      for (const message of sent) for (const frame of encodeMessage(text(message))) outgoing.push(frame);
      const carry = (back: number, length: number) => {
        const from = Math.max(outgoing.acknowledged, incoming.received - back);
        const frames = outgoing.since(from) ?? assert.fail('still kept');
        for (const [index, frame] of frames.slice(0, length).entries()) {
          const arrival = incoming.take(decode(frame), from + index + 1, LONGEST);
          if (arrival?.type === 'message') got.push(words(arrival.data));
        }
      };
      for (const [back, length, acknowledges] of carriers) {
        carry(back, length);
        if (acknowledges) outgoing.acknowledge(incoming.received);
      }
      carry(0, count);
      assert.deepEqual(got, sent);
    }),
    { numRuns: 300 },
  );
});

test('CH-2: a gap is refused and changes nothing', () => {
  const incoming = new Incoming();
  const frame: CountedFrame = { type: 'message', body: text('x') };
  assert.throws(
    () => incoming.take(frame, 2, LONGEST),
    (thrown) => thrown instanceof BadFrame && thrown.problem === 'gap',
  );
  assert.equal(incoming.received, 0);
  assert.deepEqual(incoming.take(frame, 1, LONGEST), { type: 'message', data: frame.body });
});

test('a long message goes in parts that are views of it, and arrives whole', () => {
  const message = new Uint8Array(2 * PART_BYTES + 5).map((_, index) => index % 251);
  const frames = encodeMessage(message);
  assert.deepEqual(
    frames.map(({ body }) => [body.length, body.buffer === message.buffer]),
    [
      [PART_BYTES, true],
      [PART_BYTES, true],
      [5, true],
    ],
  );
  const incoming = new Incoming();
  const arrivals = frames.map((frame, index) => incoming.take(decode(frame), index + 1, LONGEST));
  assert.deepEqual(arrivals.slice(0, 2), [null, null]);
  const last = arrivals[2];
  assert.ok(last?.type === 'message' && Buffer.compare(last.data, message) === 0);
  assert.equal(encodeMessage(message.subarray(0, PART_BYTES)).length, 1);
});

test('a message that grows too long is refused before it is kept', () => {
  const incoming = new Incoming();
  const part: CountedFrame = { type: 'part', body: new Uint8Array(10) };
  incoming.take(part, 1, 25);
  incoming.take(part, 2, 25);
  assert.throws(
    () => incoming.take(part, 3, 25),
    (thrown) => thrown instanceof BadFrame && thrown.problem === 'too-large',
  );
  assert.equal(incoming.received, 2);
});

test('a message of too many parts is refused, for empty ones cost as well', () => {
  const incoming = new Incoming();
  const empty: CountedFrame = { type: 'part', body: new Uint8Array(0) };
  for (let number = 1; number <= 4_096; number += 1) incoming.take(empty, number, LONGEST);
  assert.throws(
    () => incoming.take(empty, 4_097, LONGEST),
    (thrown) => thrown instanceof BadFrame && thrown.problem === 'too-large',
  );
});

test('CH-11: nothing follows the last frame', () => {
  const incoming = new Incoming();
  assert.deepEqual(incoming.take(decode(encodeClose(4205, 'resync')), 1, LONGEST), {
    type: 'close',
    code: 4205,
    reason: 'resync',
  });
  assert.throws(
    () => incoming.take({ type: 'message', body: text('x') }, 2, LONGEST),
    (thrown) => thrown instanceof BadFrame && thrown.problem === 'after-close',
  );
  // The last frame itself may be repeated.
  assert.equal(incoming.take(decode(encodeClose(4205, 'resync')), 1, LONGEST), null);
});

test('CH-3: beyond its bound the ring lets the oldest go, and says so', () => {
  const outgoing = new Outgoing({ ringBytes: 50 });
  for (let index = 0; index < 10; index += 1)
    for (const frame of encodeMessage(new Uint8Array(10))) outgoing.push(frame);
  assert.equal(outgoing.sent, 10);
  assert.ok(outgoing.bytes <= 50);
  assert.equal(outgoing.since(5), null);
  assert.equal(outgoing.since(6)?.length, 4);
  assert.deepEqual(outgoing.since(10), []);
  assert.equal(outgoing.since(11), null);
  // One that is larger than the ring is kept until the next.
  for (const frame of encodeMessage(new Uint8Array(100))) outgoing.push(frame);
  assert.equal(outgoing.since(10)?.length, 1);
});

test('CH-3: large frames have a bound of their own', () => {
  const outgoing = new Outgoing({ ringBytes: 50, largeBytes: 1_000 });
  for (let index = 0; index < 9; index += 1)
    for (const frame of encodeMessage(new Uint8Array(100))) outgoing.push(frame, true);
  for (const frame of encodeMessage(new Uint8Array(10))) outgoing.push(frame);
  assert.equal(outgoing.since(0)?.length, 10, 'all is kept');
  for (const frame of encodeMessage(new Uint8Array(200))) outgoing.push(frame, true);
  assert.equal(outgoing.since(1), null);
  assert.ok(outgoing.since(2), 'the oldest was let go');
  outgoing.acknowledge(11);
  assert.equal(outgoing.bytes, 0);
  for (let index = 0; index < 10; index += 1)
    for (const frame of encodeMessage(new Uint8Array(100))) outgoing.push(frame);
  assert.equal(outgoing.since(11), null, 'large frames lend their room to nothing else');
  assert.equal(outgoing.since(20)?.length, 1);
});

test('CH-3: frames are bounded in number too', () => {
  const outgoing = new Outgoing({ ringBytes: 1_000, ringFrames: 3 });
  for (let index = 0; index < 10; index += 1)
    for (const frame of encodeMessage(new Uint8Array(1))) outgoing.push(frame);
  assert.equal(outgoing.since(6), null);
  assert.equal(outgoing.since(7)?.length, 3);
});

test('what is acknowledged is let go; what was never sent cannot be', () => {
  const outgoing = new Outgoing({ ringBytes: 1_000_000 });
  for (let index = 0; index < 1_000; index += 1) {
    for (const frame of encodeMessage(new Uint8Array(10))) outgoing.push(frame);
    if (index % 3 === 0) outgoing.acknowledge(index);
  }
  outgoing.acknowledge(5);
  assert.equal(outgoing.acknowledged, 999);
  assert.equal(outgoing.bytes, 12);
  assert.equal(outgoing.since(999)?.length, 1);
  assert.equal(outgoing.since(998), null);
  assert.throws(() => outgoing.acknowledge(1_001), BadAcknowledgement);
});
