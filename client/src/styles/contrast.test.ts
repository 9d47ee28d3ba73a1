import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inkOn } from '../sync/presence.ts';
import { PERSON_COLORS } from '../sync/person-colors.ts';
import { TOKEN_KINDS } from '../editor/code/token-kinds.ts';
import { cellColours, colourTokens, contrast, mixed, THEMES, washIn } from './colours-for-tests.ts';

/** WCAG 2.2, 1.4.3: text. */
const TEXT = 4.5;
/** WCAG 2.2, 1.4.11: what a control or a mark is told by. */
const CONTROL = 3;

const tokens = colourTokens();

/** How much of a colour is in what lies under text: `--selection`, a callout's ground, what somebody else has selected. */
const SELECTION = washIn(
  'tokens.css',
  /--selection: color-mix\(in oklab, var\(--accent\) (\d+)%, transparent\)/,
);
const CALLOUT = washIn('../editor/prose.css', /color-mix\(in oklab, var\(--mark\) (\d+)%, var\(--paper\)\)/);
const PERSON = washIn(
  '../editor/prose.css',
  /background: color-mix\(in oklab, var\(--c\) (\d+)%, transparent\)/,
);

function names(rule: RegExp): string[] {
  return [...tokens.keys()].filter((name) => rule.test(name));
}

/** What text stands on. */
const PAPERS = ['paper', 'desk', 'raised'];
const SURFACES = [...PAPERS, 'hover', 'accent-soft', 'wheat-soft'];
const HIGHLIGHTS = names(/^mark-/);
/** What text is written in. */
const INKS = ['ink', 'ink-2', 'ink-3'];
const COLOURS = names(/^text-/);
const CODE = names(/^code-/);
const SIGNALS = ['accent', 'ok', 'warn', 'bad'];
/** What controls, marks and states are told by; beside these, text says it. */
const EDGES = ['edge', 'wheat', ...SIGNALS];
/** Lines that only part what is apart already, and the white on somebody's colour, which is tested with those. */
const OTHERS = ['line', 'line-2', 'on-colour'];

function token(name: string, theme: 0 | 1): string {
  const found = tokens.get(name);
  assert.ok(found, `There is no token ${name}.`);
  return found[theme];
}

test('every colour has a part in the tests below', () => {
  const known = [...SURFACES, ...HIGHLIGHTS, ...INKS, ...COLOURS, ...CODE, ...EDGES, ...OTHERS];
  assert.deepEqual([...tokens.keys()].toSorted(), [...new Set(known)].toSorted());
});

test('each kind of word in code has its colour', () => {
  assert.deepEqual(
    CODE,
    [...TOKEN_KINDS].map((kind) => `code-${kind}`),
  );
});

for (const [theme, index] of THEMES) {
  const tooLittle = (pairs: Iterable<readonly [string, string, string, string]>, least: number): string[] =>
    [...pairs].flatMap(([one, other, what, where]) => {
      const ratio = contrast(one, other);
      return ratio < least ? [`${what} on ${where}: ${ratio.toFixed(2)}`] : [];
    });
  const pairs = (fore: readonly string[], back: readonly string[]) =>
    fore.flatMap((one) => back.map((other) => [token(one, index), token(other, index), one, other] as const));

  test(`A11Y-1: text can be read on everything that it may stand on, ${theme}`, () => {
    assert.deepEqual(tooLittle(pairs(INKS, SURFACES), TEXT), []);
    assert.deepEqual(tooLittle(pairs(SIGNALS, SURFACES), TEXT), []);
    assert.deepEqual(tooLittle(pairs(COLOURS, SURFACES), TEXT), []);
    assert.deepEqual(tooLittle(pairs([...INKS, ...COLOURS, 'accent'], HIGHLIGHTS), TEXT), []);
    assert.deepEqual(tooLittle(pairs(['paper'], ['ink', 'ink-2', 'accent']), TEXT), []);
  });

  test(`A11Y-1: each colour of code can be read on code's ground, also where something is selected or found, ${theme}`, () => {
    const washes = [
      ['selection', token('accent', index), SELECTION] as const,
      ...PERSON_COLORS.map((colour) => [colour, colour, PERSON] as const),
    ].flatMap(([name, colour, share]) =>
      CODE.map((one) => [token(one, index), mixed(colour, share, token('desk', index)), one, name] as const),
    );
    assert.deepEqual(tooLittle([...pairs(CODE, ['desk', 'wheat-soft']), ...washes], TEXT), []);
  });

  test(`A11Y-1: a cell's background lets each text be read, ${theme}`, () => {
    const cells = [...cellColours()].flatMap(([name, colours]) =>
      [...INKS, ...COLOURS, 'accent'].map(
        (one) => [token(one, index), colours[index], one, `cell ${name}`] as const,
      ),
    );
    assert.deepEqual(tooLittle(cells, TEXT), []);
  });

  test(`A11Y-1: what is selected, by others too, and what a callout says can be read, ${theme}`, () => {
    const washes = PAPERS.flatMap((paper) => {
      const marks = SIGNALS.concat('wheat', 'ink-3').map(
        (mark) => [mark, token(mark, index), CALLOUT] as const,
      );
      const people = PERSON_COLORS.map((colour) => [colour, colour, PERSON] as const);
      return [...marks, ...people, ['selection', token('accent', index), SELECTION] as const].flatMap(
        ([name, colour, share]) =>
          INKS.map((ink) => {
            const under = mixed(colour, share, token(paper, index));
            return [token(ink, index), under, ink, `${name} over ${paper}`] as const;
          }),
      );
    });
    assert.deepEqual(tooLittle(washes, TEXT), []);
  });

  test(`A11Y-1: controls and marks are seen on each paper, ${theme}`, () => {
    assert.deepEqual(tooLittle(pairs(EDGES, PAPERS), CONTROL), []);
  });

  test(`A11Y-1: people's colours are seen on each paper, and their names can be read on them, ${theme}`, () => {
    const people = PERSON_COLORS.flatMap((colour) =>
      PAPERS.map((paper) => [colour, token(paper, index), `person ${colour}`, paper] as const),
    );
    assert.deepEqual(tooLittle(people, CONTROL), []);
    const inks = PERSON_COLORS.flatMap((colour) => [
      [inkOn(colour), colour, 'name', colour] as const,
      [token('on-colour', index), colour, 'letters', colour] as const,
    ]);
    assert.deepEqual(tooLittle(inks, TEXT), []);
  });
}

test('A11Y-2: who asks for more contrast reads text at 7 to 1 and sees lines at 3 to 1, light and dark', () => {
  const more = colourTokens('more');
  const missed = THEMES.flatMap(([theme, index]) =>
    PAPERS.flatMap((paper) => {
      const under = more.get(paper)?.[index] ?? '';
      const ratio = (name: string) => contrast(more.get(name)?.[index] ?? '', under);
      return [
        ...[...INKS, ...SIGNALS, ...CODE].filter((name) => ratio(name) < 7),
        ...['line', 'line-2', ...EDGES].filter((name) => ratio(name) < CONTROL),
      ].map((name) => `${name} on ${paper}, ${theme}: ${ratio(name).toFixed(2)}`);
    }),
  );
  assert.deepEqual(missed, []);
});
