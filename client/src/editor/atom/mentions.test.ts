import { documentSchema } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mentions } from './mentions.ts';

const schema = documentSchema();

test('ATOM-1: who is mentioned is found by reading only the blocks that have changed', () => {
  let reads = 0;
  const paragraph = (name: string): Node => {
    const block = schema.node('paragraph', null, [schema.node('mention', { mention: 'person', name })]);
    const { descendants } = block;
    return Object.assign(block, {
      descendants: (look: Parameters<typeof descendants>[0]) => {
        reads += 1;
        descendants.call(block, look);
      },
    });
  };
  const blocks = ['Ada', 'Ben', 'Cem'].map(paragraph);
  const mentions = new Mentions();
  assert.deepEqual(mentions.names(schema.node('doc', null, blocks)), ['Ada', 'Ben', 'Cem']);
  const changed = [...blocks.slice(0, 2), paragraph('Dora')];
  assert.deepEqual(mentions.names(schema.node('doc', null, changed)), ['Ada', 'Ben', 'Dora']);
  assert.equal(reads, 4);
});
