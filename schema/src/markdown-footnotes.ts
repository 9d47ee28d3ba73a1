import type MarkdownIt from 'markdown-it';
import { isNoteId } from './atoms.ts';
import { parseJson } from './mark-tags.ts';

/** What begins a footnote's words, as Pandoc and GitHub write it. */
const BEGINS = /^\[\^([^\s[\]]{1,100})\]:/;
/** What tells at the end of a document of notes that it refers to and does not have. */
const TOLD = /^<!-- footnotes: ([^\n]*) -->$/;
/** Labels are at most so long, UTF-16 units. */
const LONGEST_LABEL = 100;
/** How far a footnote's further lines stand in, columns. */
const INDENT = 4;

/** The notes that a text has, by their labels, each with the id that it gets. */
class Labels {
  readonly #ids = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** The id of the note that is called so; labels that no id can be get another one. */
  add(label: string): string {
    const known = this.#ids.get(label);
    if (known !== undefined) return known;
    let id = isNoteId(label) ? label : '';
    for (let count = 1; id === '' || this.#taken.has(id); count += 1) id = `note-${String(count)}`;
    this.#taken.add(id);
    this.#ids.set(label, id);
    return id;
  }

  /** The id of a note that the text has; undefined where it has none of this name. */
  get(label: string): string | undefined {
    return this.#ids.get(label);
  }
}

function labelsOf(env: unknown): Labels {
  if (typeof env !== 'object' || env === null)
    throw new Error('Markdown is parsed with a place for footnotes.');
  const known: unknown = Reflect.get(env, 'footnotes');
  if (known instanceof Labels) return known;
  const made = new Labels();
  Reflect.set(env, 'footnotes', made);
  return made;
}

/**
 * Makes a parser read footnotes: `[^label]: words`, whose further lines stand in by four columns, and `[^label]`, which is
 * text where nothing of that name is in the text. Tokens `footnote_open` and `footnote_close` around the words, and
 * `footnote_reference`, have the id in `content`.
 */
export function addFootnotes(parser: InstanceType<typeof MarkdownIt>): void {
  parser.block.ruler.before(
    'list',
    'footnote',
    (state, start, end, silent) => {
      const [from, tShift, sCount] = [
        state.bMarks[start] ?? 0,
        state.tShift[start] ?? 0,
        state.sCount[start] ?? 0,
      ];
      if (sCount - state.blkIndent >= INDENT) return false;
      const line = state.src.slice(from + tShift, state.eMarks[start]);
      const [begins, label = ''] = BEGINS.exec(line) ?? [];
      if (begins === undefined) return false;
      if (silent) return true;
      const content = labelsOf(state.env).add(label);
      const open = state.push('footnote_open', '', 1);
      Object.assign(open, { content, block: true });
      // What stands behind the sign is the first line of the words.
      const behind = from + tShift + begins.length;
      const { listIndent } = state;
      state.bMarks[start] = behind;
      state.tShift[start] = (/^[ \t]*/.exec(state.src.slice(behind, state.eMarks[start]))?.[0] ?? '').length;
      state.blkIndent += INDENT;
      state.sCount[start] = state.blkIndent;
      state.listIndent = -1;
      state.md.block.tokenize(state, start, end);
      state.blkIndent -= INDENT;
      state.listIndent = listIndent;
      state.bMarks[start] = from;
      state.tShift[start] = tShift;
      state.sCount[start] = sCount;
      state.push('footnote_close', '', -1).block = true;
      return true;
    },
    { alt: ['paragraph', 'blockquote', 'list'] },
  );
  parser.core.ruler.after('block', 'footnotes_told', ({ tokens, env }) => {
    for (const { content } of tokens) {
      const told = parseJson(TOLD.exec(content)?.[1] ?? null);
      if (Array.isArray(told)) for (const id of told) if (isNoteId(id)) labelsOf(env).add(id);
    }
  });
  parser.inline.ruler.before('link', 'footnote_reference', (state, silent) => {
    if (state.src[state.pos] !== '[' || state.src[state.pos + 1] !== '^') return false;
    const most = Math.min(state.posMax, state.pos + LONGEST_LABEL + 3);
    const [refers, label = ''] = /^\[\^([^\s[\]]+)\]/.exec(state.src.slice(state.pos, most)) ?? [];
    const id = refers === undefined ? undefined : labelsOf(state.env).get(label);
    if (refers === undefined || id === undefined) return false;
    if (!silent) state.push('footnote_reference', '', 0).content = id;
    state.pos += refers.length;
    return true;
  });
}
