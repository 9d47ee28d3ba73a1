import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeFrames, encodeFrame, encodeHead, isCounted, MalformedFrame, REASON_BYTES } from './frame.ts';
import type { Frame } from './frame.ts';

const number = fc.maxSafeNat();
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    type: fc.constant('hello'),
    version: number,
    id,
    key: id,
    turn: number,
    received: number,
    from: number,
  }),
  fc.record({
    type: fc.constant('welcome'),
    resumed: fc.boolean(),
    received: number,
    heartbeatMs: number,
    resumeMs: number,
  }),
  fc.record({ type: fc.constant('take'), turn: number, received: number, from: number }),
  fc.record({ type: fc.constantFrom('message', 'part', 'presence'), body: bytes(300) }),
  fc.record({
    type: fc.constant('close'),
    code: number,
    reason: fc.string({ unit: 'grapheme', maxLength: 20 }),
  }),
  fc.record({ type: fc.constant('ack'), received: number }),
  fc.record({ type: fc.constantFrom('ping', 'pong'), nonce: number }),
  fc.record({ type: fc.constant('drain'), afterMs: number }),
);

/** Views and arrays of other classes are equal if their bytes are. */
const plain = (frames: readonly Frame[]) =>
  frames.map((one) =>
    Object.fromEntries(
      Object.entries(one).map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value]),
    ),
  );

const decodeAll = (row: Uint8Array) => [...decodeFrames(row)];

test('frames in a row are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
      const fitting = frames.map((one) =>
        one.type === 'close' && Buffer.byteLength(one.reason) > REASON_BYTES ? { ...one, reason: '' } : one,
      );
      const row = Buffer.concat(fitting.map(encodeFrame));
      assert.deepEqual(plain(decodeAll(row)), plain(fitting));
    }),
    { numRuns: 500 },
  );
});

test('bytes that are no frames are told apart, and never anything worse', () => {
  const damaged = fc
    .tuple(
      fc.array(frame, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
      fc.nat(400),
    )
    .map(([frames, changes, length]) => {
      const row = new Uint8Array(Buffer.concat(frames.map(encodeFrame)));
      for (const [at, value] of changes) if (at < row.length) row[at] = value;
      return row.subarray(0, length);
    });
  fc.assert(
    fc.property(fc.oneof(bytes(200), damaged), (row) => {
      try {
        decodeAll(row);
      } catch (thrown) {
        assert.ok(thrown instanceof MalformedFrame, String(thrown));
      }
    }),
    { numRuns: 3_000 },
  );
});

test('too short, too long and unknown', () => {
  const message = encodeFrame({ type: 'message', body: new Uint8Array(3) });
  assert.throws(() => decodeAll(message.subarray(0, 4)), /too early/);
  assert.throws(() => decodeAll(Uint8Array.of(48, 2, 1, 1)), /longer than what it holds/);
  assert.throws(() => decodeAll(Uint8Array.of(99, 0)), /unknown type 99/);
  assert.throws(
    () => decodeAll(Uint8Array.of(16, 255, 255, 255, 255, 255, 255, 255, 255, 1)),
    MalformedFrame,
  );
  assert.throws(() => decodeAll(Uint8Array.of(18, 3, 1, 0xc3, 0x28)), /UTF-8/);
  assert.deepEqual(decodeAll(new Uint8Array(0)), []);
});

test('a body is a view of what came, and a head stands before a body that is not copied', () => {
  const body = Uint8Array.of(7, 8, 9);
  const row = Buffer.concat([encodeHead('message', body.length), body]);
  const [read] = decodeAll(row);
  assert.ok(read?.type === 'message' && read.body.buffer === row.buffer);
  assert.deepEqual([...row], [...encodeFrame({ type: 'message', body })]);
});

test('a reason is cut between characters, and numbers must be numbers', () => {
  const [read] = decodeAll(encodeFrame({ type: 'close', code: 4403, reason: 'é'.repeat(100) }));
  assert.deepEqual(read, { type: 'close', code: 4403, reason: 'é'.repeat(61) });
  for (const received of [-1, 0.5, Number.NaN, 2 ** 53])
    assert.throws(() => encodeFrame({ type: 'ack', received }), RangeError);
});

test('messages, their parts and the end are counted, and nothing else', () => {
  const counted = fc.sample(frame, 200).filter(isCounted);
  assert.deepEqual(new Set(counted.map((one) => one.type)), new Set(['message', 'part', 'close']));
});
