import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowLayout, treeLayout } from './layout.ts';
import { hashOfPicture, picture } from './picture.ts';
import { sampleDocument } from './sample.ts';

const SIZE = { words: 2_000, blocks: 90, tables: 3, images: 4 };

test('pictures are PNGs of their own', () => {
  assert.deepEqual([...picture(0).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  assert.notEqual(hashOfPicture(picture(0)), hashOfPicture(picture(1)));
});

test('a sample keeps its images in either layout: none becomes an image of nothing', () => {
  const reference = (number: number) => `upload:${hashOfPicture(picture(number))}`;
  const content = sampleDocument(SIZE, 1, reference);
  const flow = JSON.stringify(flowLayout.write(content, 1).getText('content').toDelta());
  for (let number = 0; number < SIZE.images; number += 1) assert.ok(flow.includes(reference(number)));
  const tree = treeLayout.write(
    sampleDocument(SIZE, 1, (number) => `/pictures/${number}.png`),
    1,
  );
  const xml = String(tree.getXmlFragment('default'));
  for (let number = 0; number < SIZE.images; number += 1) assert.ok(xml.includes(`/pictures/${number}.png`));
});
