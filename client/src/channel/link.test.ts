import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFrames, isCounted } from '@sheaf/proto/channel/frame';
import { Link } from './link.ts';
import type { Pace, Row } from './link.ts';

const PACE: Pace = { ackBytes: 64 * 1024, ackFrames: 32, ackMs: 1_000, beats: true };
const HEARTBEAT_MS = 10_000;

function createLink(ringBytes = 1_000): Link {
  const link = new Link({ protocol: 'yjs', ringBytes, messageBytes: 10_000 });
  link.said(0);
  return link;
}

const text = (letters: string): Uint8Array => new TextEncoder().encode(letters);

/** What a row holds, in words. */
function words(row: Row | null): string[] {
  if (row === null) return [];
  let number = row.from;
  return [...decodeFrames(row.bytes)].map((frame) => {
    if (isCounted(frame)) number += 1;
    if (frame.type === 'message') return `${number}:${new TextDecoder().decode(frame.body)}`;
    return frame.type === 'ack' ? `ack ${frame.received}` : frame.type;
  });
}

/** A message of the peer comes. */
function arrive(link: Link, number: number, now: number, bytes = 1): void {
  link.take({ type: 'message', body: new Uint8Array(bytes) }, number, now);
}

test('what was sent goes once, and again from what is acknowledged on another carrier', () => {
  const link = createLink();
  link.send(text('a'));
  link.send(text('b'));
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 1)), ['1:a', '2:b']);
  assert.equal(link.next(PACE, HEARTBEAT_MS, 2), null);
  link.send(text('c'));
  link.acknowledge(1);
  assert.equal(link.restart(), true);
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 3)), ['2:b', '3:c']);
  assert.equal(link.delivered, false);
  link.acknowledge(3);
  assert.equal(link.delivered, true);
  assert.throws(() => link.acknowledge(4));
});

test('the ring bounds what is on its way, and what waits is not lost by it', () => {
  const link = createLink(100);
  for (let at = 0; at < 10; at++) link.send(new Uint8Array(30));
  assert.equal(words(link.next(PACE, HEARTBEAT_MS, 1)).length, 3);
  assert.equal(link.next(PACE, HEARTBEAT_MS, 2), null);
  assert.ok(link.unwrittenBytes >= 210);
  let sent = 3;
  for (; !link.delivered;) {
    link.acknowledge(sent);
    sent += words(link.next(PACE, HEARTBEAT_MS, 3)).length;
  }
  assert.equal(sent, 10);
  assert.equal(link.unwrittenBytes, 0);
});

test('CH-6: an acknowledgement is due after a second, after many frames, or after many bytes', () => {
  const link = createLink();
  arrive(link, 1, 100);
  assert.equal(link.next(PACE, HEARTBEAT_MS, 1_099), null);
  assert.equal(link.deadline(PACE, HEARTBEAT_MS), 1_100);
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 1_100)), ['ack 1']);
  assert.equal(link.next(PACE, HEARTBEAT_MS, 3_000), null);
  for (let number = 2; number <= 32; number++) arrive(link, number, 3_000);
  assert.equal(link.next(PACE, HEARTBEAT_MS, 3_000), null);
  arrive(link, 33, 3_000);
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 3_000)), ['ack 33']);
  const large = new Link({ protocol: 'yjs', ringBytes: 1_000, messageBytes: 100_000 });
  large.said(0);
  arrive(large, 1, 0, 64 * 1024);
  assert.deepEqual(words(large.next(PACE, HEARTBEAT_MS, 0)), ['ack 1']);
});

test('CH-6: an acknowledgement travels with what is sent anyway', () => {
  const link = createLink();
  arrive(link, 1, 0);
  link.send(text('a'));
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 1)), ['1:a', 'ack 1']);
  assert.equal(link.next(PACE, HEARTBEAT_MS, 5_000), null);
});

test('CH-7: silence is broken each heartbeat, unless the carrier does so by itself', () => {
  const link = createLink();
  assert.equal(link.next(PACE, HEARTBEAT_MS, 9_999), null);
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 10_000)), ['ack 0']);
  assert.equal(link.next({ ...PACE, beats: false }, HEARTBEAT_MS, 90_000), null);
});

test('CH-2: repeated frames are passed over, and a gap is an error', () => {
  const link = createLink();
  arrive(link, 1, 0);
  arrive(link, 1, 0);
  assert.equal(link.received, 1);
  assert.throws(() => arrive(link, 3, 0), { name: 'BadFrame', problem: 'gap' });
});

test('CH-16: what another carrier asks for is not acknowledged until it is answered', () => {
  const link = createLink();
  arrive(link, 1, 0);
  link.told(1);
  link.holdAt(1);
  for (let number = 2; number < 90; number++) arrive(link, number, 0);
  assert.equal(link.acknowledgeable, 1);
  assert.equal(link.next({ ...PACE, ackMs: Infinity }, HEARTBEAT_MS, 1), null);
  link.holdAt(Infinity);
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 1)), ['ack 89']);
});

test('pings are answered, the last of several', () => {
  const link = createLink();
  link.pong(1);
  link.pong(2);
  link.ping(3);
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 1)), ['pong', 'ping']);
});

test('a farewell holds all that is not acknowledged, or nothing', () => {
  const link = createLink();
  assert.equal(link.remainder(1_000), null);
  link.send(text('a'));
  link.next(PACE, HEARTBEAT_MS, 1);
  link.send(text('b'));
  assert.deepEqual(words(link.remainder(1_000)), ['1:a', '2:b']);
  // It may not arrive: a page that comes back sends it again.
  assert.deepEqual(words(link.next(PACE, HEARTBEAT_MS, 2)), ['2:b']);
  link.send(new Uint8Array(900));
  assert.equal(link.remainder(500), null);
});

test('a message of more than 256 KiB goes in several rows', () => {
  const link = new Link({ protocol: 'yjs', ringBytes: 10_000_000, messageBytes: 1 });
  link.said(0);
  link.send(new Uint8Array(600_000));
  const rows: Row[] = [];
  for (let row = link.next(PACE, HEARTBEAT_MS, 1); row !== null; row = link.next(PACE, HEARTBEAT_MS, 1))
    rows.push(row);
  assert.deepEqual(
    rows.map(({ from, bytes }) => [from, bytes.length > 256 * 1024 + 64]),
    [
      [0, false],
      [1, false],
      [2, false],
    ],
  );
});
