import { FIRST_SCRIPT_BYTES } from '../../../scripts/first-script.ts';
import type { Machine } from '../machine.ts';
import { spread } from '../statistics.ts';

/** What an opening took. */
export interface Opening {
  readonly visibleMs: number;
  /** Until it can be written in; a page may show what stands first before. */
  readonly writableMs: number;
  /** Code and styles that were fetched until then. */
  readonly fetched: readonly string[];
}

/** Main-thread work of a keystroke, ms. */
export interface Keystrokes {
  readonly p50: number;
  readonly p99: number;
}

/** What was found of one page in one round. */
export interface Round {
  readonly name: 'sheaf' | 'plain';
  readonly cold: Opening;
  readonly warm: Opening;
  /** Work of measuring one keystroke when nothing is typed, ms; it is no part of the figures below. */
  readonly looking: number;
  readonly alone: Keystrokes;
  /** While twenty others type, until the letter is drawn; what others type within that time is in it. Null: the page did not keep up. */
  readonly drawn: Keystrokes | null;
  /** The same with all that others type until the next keystroke. */
  readonly together: Keystrokes | null;
  /**
   * Main-thread work for a letter that somebody else types, ms; everything that a page does meanwhile is in it. Null: the page
   * did not keep up.
   */
  readonly remoteMsPerLetter: number | null;
}

/** Everything that a run found. */
export interface EditorResults {
  readonly machine: Machine;
  readonly document: {
    readonly words: number;
    readonly blocks: number;
    readonly people: number;
    readonly edits: number;
  };
  readonly rounds: readonly Round[];
  /** Brotli; null without a build. */
  readonly firstScriptBytes: number | null;
}

interface Row {
  readonly words: string;
  readonly figure: (round: Round) => number | null;
  /** What Sheaf is held to; null: nothing by itself. */
  readonly bound: number | null;
  /** What it is held to as a multiple of the plain page's. */
  readonly ratio: number | null;
}

const ROWS: readonly Row[] = [
  { words: 'first text visible, cold, ms', figure: ({ cold }) => cold.visibleMs, bound: 1_000, ratio: 1.3 },
  { words: 'first text visible, warm, ms', figure: ({ warm }) => warm.visibleMs, bound: 1_000, ratio: 1.3 },
  { words: 'can be written in, cold, ms', figure: ({ cold }) => cold.writableMs, bound: null, ratio: null },
  { words: 'can be written in, warm, ms', figure: ({ warm }) => warm.writableMs, bound: null, ratio: null },
  {
    words: 'work of measuring one, taken off, ms',
    figure: ({ looking }) => looking,
    bound: null,
    ratio: null,
  },
  { words: 'work of a keystroke, p50, ms', figure: ({ alone }) => alone.p50, bound: 8, ratio: null },
  { words: 'work of a keystroke, p99, ms', figure: ({ alone }) => alone.p99, bound: 30, ratio: null },
  {
    words: 'among 20 who type, until drawn, p50, ms',
    figure: ({ drawn }) => drawn?.p50 ?? null,
    bound: 8,
    ratio: null,
  },
  {
    words: 'among 20 who type, until drawn, p99, ms',
    figure: ({ drawn }) => drawn?.p99 ?? null,
    bound: 30,
    ratio: null,
  },
  {
    words: 'and what 20 others type then, p50, ms',
    figure: ({ together }) => together?.p50 ?? null,
    bound: null,
    ratio: null,
  },
  {
    words: 'and what 20 others type then, p99, ms',
    figure: ({ together }) => together?.p99 ?? null,
    bound: null,
    ratio: null,
  },
  {
    words: 'work of a letter of somebody else, ms',
    figure: ({ remoteMsPerLetter }) => remoteMsPerLetter,
    bound: 3,
    ratio: null,
  },
];

/** The results as text: medians of the rounds, and whether Sheaf is within what it is held to. */
export function formatEditorResults({ machine, document, rounds, firstScriptBytes }: EditorResults): string {
  const median = (name: Round['name'], figure: Row['figure']): number =>
    spread(
      rounds
        .filter((round) => round.name === name)
        .map(figure)
        .filter((found) => found !== null),
    )?.median ?? NaN;
  const table = ROWS.map(({ words, figure, bound, ratio }) => {
    const [sheaf, plain] = [median('sheaf', figure), median('plain', figure)];
    const held = (bound === null || sheaf <= bound) && (ratio === null || sheaf <= ratio * plain);
    const most = [bound === null ? [] : `${bound}`, ratio === null ? [] : `${ratio} × plain`]
      .flat()
      .join(', ');
    return [words, shown(sheaf), shown(plain), most, most === '' ? '' : verdict(held)];
  });
  const first = firstScriptBytes === null ? 'not built' : (firstScriptBytes / 1_000).toFixed(0);
  const small = firstScriptBytes !== null && firstScriptBytes <= FIRST_SCRIPT_BYTES;
  table.push([
    'first script, brotli, KB',
    first,
    '',
    `${FIRST_SCRIPT_BYTES / 1_000}`,
    firstScriptBytes === null ? '' : verdict(small),
  ]);
  const rows = [['', 'Sheaf', 'plain Tiptap', 'at most', ''], ...table];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    `${machine.date}, ${machine.processor}, ${machine.cores} cores, ${machine.system}`,
    `${document.words} words in ${document.blocks} blocks, edited ${document.edits} times by ${document.people} people; medians of ${rounds.length / 2} rounds`,
    '',
    ...rows.map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    ),
    '',
  ].join('\n');
}

function shown(median: number): string {
  return Number.isNaN(median) ? 'does not keep up' : median.toFixed(1);
}

function verdict(held: boolean): string {
  return held ? 'met' : 'MISSED';
}
