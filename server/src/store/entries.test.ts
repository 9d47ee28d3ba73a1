import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEntries, EntryPacker } from './entries.ts';
import { join, sharedBytes } from './own-bytes.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

test('packed entries come out as they went in, in a buffer of exactly their size', () => {
  const packer = new EntryPacker();
  const entries = [0, 1, 127, 128, 200, 20_000, 3].map((length, i) => ({
    update: bytes(length),
    author: i % 2 === 0 ? '' : 'x'.repeat(100 * i),
    time: 2 ** (7 * i),
  }));
  for (let round = 0; round < 3; round += 1) {
    for (const { update, author, time } of entries) packer.add(update, author, time);
    const [packed, ...more] = packer.take();
    assert.ok(packed);
    assert.equal(packed.buffer.byteLength, packed.length);
    assert.deepEqual(decodeEntries(packed), entries);
    assert.deepEqual(more, []);
  }
  assert.deepEqual(packer.take(), []);
});

test('one large entry is copied once, and what was handed over is not written to again', (t) => {
  const packer = new EntryPacker();
  const update = bytes(1_000_000);
  const sliced = t.mock.method(Uint8Array.prototype, 'slice');
  packer.add(update, 'author', 1);
  const packed = join(packer.take());
  assert.equal(sliced.mock.callCount(), 0);
  sliced.mock.restore();
  packer.add(bytes(1_000_000).fill(9), 'other', 2);
  packer.take();
  assert.deepEqual(decodeEntries(packed), [{ update, author: 'author', time: 1 }]);
});

test('an update that threads share is not copied, and stands in its place among the others', () => {
  const packer = new EntryPacker();
  const large = sharedBytes(bytes(1024 * 1024));
  const view = new Uint8Array(new SharedArrayBuffer(2 * large.length), 5, large.length);
  view.set(large);
  const entries = [bytes(3), large, bytes(5), view, large, bytes(7)].map((update, time) => ({
    update,
    author: time % 2 === 0 ? 'ada' : 'ben',
    time,
  }));
  for (let round = 0; round < 2; round += 1) {
    for (const { update, author, time } of entries) packer.add(update, author, time);
    // What has others beside it is copied at once: somebody else may write there.
    view.fill(0);
    const parts = packer.take();
    view.set(large);
    assert.equal(packer.count, 0);
    assert.equal(parts.filter((part) => part === large).length, 2);
    for (const part of parts) assert.equal(part.buffer.byteLength, part.length);
    assert.deepEqual(
      decodeEntries(join(parts)).map(({ update, author, time }) => [
        Buffer.compare(update, bytes(update.length)),
        update.length,
        author,
        time,
      ]),
      entries.map(({ update, author, time }) => [0, update.length, author, time]),
    );
  }
});
