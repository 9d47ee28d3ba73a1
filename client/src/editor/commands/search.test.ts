import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ar } from '../../words/ar.ts';
import { de } from '../../words/de.ts';
import { en } from '../../words/en.ts';
import type { AlsoCalled } from '../../words/called/en.ts';
import type { Words } from '../../words/en.ts';
import type { Command, CommandId } from './command.ts';
import { searchCommands } from './search.ts';

/** Commands with what a search reads of them. */
function commands(...of: [id: CommandId, typed?: string][]): Command[] {
  // A search reads names and Markdown only; icons are components, which need a browser.
  return of.map(([id, typed]) => ({ id, ...(typed === undefined ? {} : { typed }) }) as unknown as Command);
}

test('commands are found by name in any language, by other names and by Markdown, the best first', async () => {
  const all = commands(
    ['paragraph'],
    ['heading-1', '#'],
    ['heading-2', '##'],
    ['bullet-list', '-'],
    ['task-list', '[ ]'],
    ['quote', '>'],
    ['code-block', '```'],
  );
  const called = new Map<Words, AlsoCalled>();
  for (const words of [en, de, ar]) called.set(words, await words.alsoCalled());
  const find = (typed: string, words: Words = en) => {
    const alsoCalled = called.get(words);
    assert.ok(alsoCalled);
    return searchCommands(all, typed, { names: words.commands, alsoCalled }).map(({ id }) => id);
  };
  assert.equal(find('').length, all.length);
  assert.deepEqual(find('todo'), ['task-list']);
  assert.deepEqual(find('head'), ['heading-1', 'heading-2']);
  assert.deepEqual(find('h2'), ['heading-2']);
  assert.deepEqual(find('##'), ['heading-2']);
  assert.deepEqual(find('LIST').slice(0, 2), ['bullet-list', 'task-list']);
  assert.deepEqual(find('uberschrift', de), ['heading-1', 'heading-2']);
  assert.deepEqual(find('Häkchen', de), ['task-list']);
  assert.deepEqual(find('اقتباس', ar), ['quote']);
  assert.deepEqual(find('nothing of that name'), []);
});
