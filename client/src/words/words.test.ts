import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'svelte/compiler';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Words } from './en.ts';
import { chooseLanguage, LANGUAGES, loadSpeech } from './language.ts';
import { counter } from './plural.ts';

const SOURCES = new URL('../', import.meta.url);
/** Names, which are the same in every language. */
const NAMES = new Set(['Sheaf', 'HTTP', 'KB', '/d/', 'https://']);
/** Attributes that are read to somebody. */
const SAID = new Set(['title', 'label', 'heading', 'alt', 'placeholder', 'aria-label', 'aria-description']);

function sources(ending: string): [name: string, text: string][] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith(ending))
    .map((name) => [name, readFileSync(new URL(name.replaceAll('\\', '/'), SOURCES), 'utf8')]);
}

/** The texts of a component's markup that a person reads, as far as they stand in it as they are. */
function literals(node: unknown, found: string[] = []): string[] {
  if (Array.isArray(node)) for (const one of node) literals(one, found);
  else if (typeof node === 'object' && node !== null) {
    const { type, name, data, value } = node as Record<string, unknown>;
    if (type === 'StyleDirective' || type === 'ClassDirective') return found;
    if (type === 'Attribute') {
      if (typeof name === 'string' && SAID.has(name)) literals(value, found);
      return found;
    }
    if (type === 'Text' && typeof data === 'string') found.push(data.trim());
    for (const [key, part] of Object.entries(node)) if (key !== 'parent') literals(part, found);
  }
  return found;
}

test('no component says anything that is not a message', () => {
  for (const [name, text] of sources('.svelte')) {
    const said = literals(parse(text, { modern: true }).fragment);
    const foreign = said.filter((words) => /\p{L}/u.test(words) && !NAMES.has(words));
    assert.deepEqual(foreign, [], name);
  }
});

test('styles know no left and no right: the pages are mirrored for who reads that way', () => {
  const physical =
    /(?:^|[\s;{])(?:left|right|top|bottom|width|height|(?:margin|padding|border)-(?:left|right|top|bottom)|text-align: (?:left|right)|float: (?:left|right))\s*[:;]/m;
  for (const [name, text] of [...sources('.svelte'), ...sources('.css')]) {
    const styles = name.endsWith('.css')
      ? text
      : (/<style>(?<css>.*)<\/style>/s.exec(text)?.groups?.['css'] ?? '');
    const found = physical.exec(
      styles
        .replaceAll(/\/\*.*?\*\//gs, '')
        .replaceAll(/@media[^{]*/g, '')
        .replaceAll('height: 100%', '')
        .replaceAll(/height: (?:auto|100dvh)/g, ''),
    );
    assert.equal(found, null, `${name}: ${found?.[0] ?? ''}`);
  }
});

test('every language has words for every message, and says them differently', async () => {
  const leaves = (words: object): string[] =>
    Object.values(words).flatMap((value: unknown) =>
      typeof value === 'object' && value !== null ? leaves(value) : typeof value === 'string' ? [value] : [],
    );
  const all = async (words: Words) => {
    // What a part brings along is asked for without anything.
    const later = Object.values(words).map((value) => (typeof value === 'function' ? value() : null));
    return leaves([words, ...(await Promise.all(later)).filter((part) => part !== null)]);
  };
  const english = await all(en);
  for (const other of [de, ar]) {
    const said = await all(other);
    assert.equal(said.length, english.length);
    assert.ok(said.every((words) => words !== ''));
    const same = said.filter((words, at) => words === english[at] && words.length > 6);
    assert.deepEqual(same, []);
  }
});

test('counts take the plural form and the digits of their language', async () => {
  assert.equal(en.saving.kept(1), '1 change kept on this device');
  assert.equal(en.saving.kept(1_200), '1,200 changes kept on this device');
  assert.equal(de.saving.kept(1_200), '1.200 Änderungen auf diesem Gerät');
  const { unsent } = await ar.list();
  const say = (number: number) => unsent(number).replaceAll(/[\d٠-٩]+/g, '#');
  assert.equal(new Set([1, 2, 3, 11, 100].map(say)).size, 5);
  const count = counter<'one' | 'other'>('en', 'other');
  assert.equal(count(2, { one: '#', other: '# and #' }), '2 and 2');
});

test('the address decides about the language, then what was chosen, then what the browser prefers', () => {
  const choose = (asked: string | null, kept: string | null, ...preferred: string[]) => {
    const { language, locale } = chooseLanguage({ asked, kept, preferred });
    return [language.code, locale];
  };
  assert.deepEqual(choose('ar', 'de', 'en-GB'), ['ar', 'ar']);
  assert.deepEqual(choose(null, 'de', 'en-GB', 'de-AT'), ['de', 'de-AT']);
  assert.deepEqual(choose(null, null, 'fr-FR', 'AR-EG', 'en'), ['ar', 'AR-EG']);
  assert.deepEqual(choose('xx', 'yy', 'fr'), ['en', 'en']);
  assert.deepEqual(choose(null, null), ['en', 'en']);
});

test('each language loads, and is called by its own name', async () => {
  for (const { code, name } of LANGUAGES) {
    const { language, words } = await loadSpeech({ asked: code, kept: null, preferred: [] });
    assert.equal(language.name, name);
    assert.equal(words, { en, de, ar }[code]);
  }
});
