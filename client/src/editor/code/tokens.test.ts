import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highlighter } from './grammars.ts';
import { isPlain, languageOf, LANGUAGES } from './languages.ts';
import { TOKEN_KINDS } from './token-kinds.ts';
import { NUMBERS_OF_TOKEN, tokensOf } from './tokens.ts';

/** Each token as `KIND:WORDS`. */
function tokens(code: string, language: string): string[] {
  const numbers = [...tokensOf(code, language)];
  return Array.from({ length: numbers.length / NUMBERS_OF_TOKEN }, (_, index) => {
    const [from, to, kind] = numbers.slice(index * NUMBERS_OF_TOKEN, (index + 1) * NUMBERS_OF_TOKEN);
    return `${String(TOKEN_KINDS[kind ?? -1])}:${code.slice(from, to)}`;
  });
}

test('CODE-2: words of code are told apart, and what stands in a string is not of it', () => {
  assert.deepEqual(tokens('const a = `x${b + 1}y`; // é 🎉 hi\nreturn', 'javascript'), [
    'keyword:const',
    'string:`x',
    'number:1',
    'string:y`',
    'comment:// é 🎉 hi',
    'keyword:return',
  ]);
  assert.deepEqual(tokens('-old\n+new', 'diff'), ['deletion:-old', 'addition:+new']);
  assert.deepEqual(tokens('class A(B): pass', 'python'), [
    'keyword:class',
    'type:A',
    'type:B',
    'keyword:pass',
  ]);
});

test('CODE-2: a language within another has its own tokens, in their places', () => {
  assert.deepEqual(tokens('<p>🎉<script>let a = 1</script>', 'html'), [
    'title:p',
    'title:script',
    'keyword:let',
    'number:1',
    'title:script',
  ]);
});

test('CODE-2: tokens are in order and none is within another, in each language and of anything at all', () => {
  const awkward =
    '"\'`<a b="c">{{ }} /* # // -- \\ $x ${y} <?php @a :b 0x1F 1e9 class def fn => \n\t🎉\u0000';
  for (const { id } of LANGUAGES) {
    const numbers = tokensOf(`${awkward}\n${awkward}`, id);
    let end = 0;
    for (let index = 0; index < numbers.length; index += NUMBERS_OF_TOKEN) {
      const [from = -1, to = -1, kind = -1] = numbers.subarray(index, index + NUMBERS_OF_TOKEN);
      assert.ok(from >= end && to > from && kind < TOKEN_KINDS.length, id);
      end = to;
    }
    assert.ok(end <= 2 * awkward.length + 1, id);
  }
});

test('CODE-1: every language that is offered is coloured, and found by each name that highlight.js knows of it', () => {
  const names = LANGUAGES.flatMap(({ id, aliases }) => [id, ...aliases]);
  assert.deepEqual(names, [...new Set(names)]);
  for (const { id } of LANGUAGES) assert.ok(highlighter.getLanguage(id), id);
  const known = highlighter
    .listLanguages()
    .flatMap((name) => [name, ...(highlighter.getLanguage(name)?.aliases ?? [])]);
  for (const name of known) assert.ok(languageOf(name), name);
  const order = LANGUAGES.map(({ name }) => name);
  assert.deepEqual(order, order.toSorted(new Intl.Collator('en').compare));
});

test('CODE-1: names are found in any case; what is no language, and what nobody knows, is told apart', () => {
  assert.equal(languageOf('JS')?.id, 'javascript');
  assert.equal(languageOf('C++')?.id, 'cpp');
  assert.equal(languageOf('brainrot'), null);
  assert.deepEqual(['', 'Text', 'plaintext', 'brainrot'].map(isPlain), [true, true, true, false]);
});
