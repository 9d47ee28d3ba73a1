/** A day, as `YYYY-MM-DD`. */
interface DateAtom {
  readonly type: 'date';
  readonly date: string;
}

/** Somebody, by the name that they have. */
interface PersonAtom {
  readonly type: 'person';
  readonly name: string;
}

/** Another document, by its name, with the title that it had when it was mentioned. */
interface DocumentAtom {
  readonly type: 'document';
  readonly document: string;
  readonly title: string;
}

/** A formula in a line, in TeX. */
interface MathAtom {
  readonly type: 'math';
  readonly tex: string;
}

/** A reference to a footnote, by its id. */
interface FootnoteAtom {
  readonly type: 'footnote';
  readonly note: string;
}

/** A thing that stands in a text as one unit: nobody can delete half of it (SPEC ATOM-1). */
export type Atom = DateAtom | PersonAtom | DocumentAtom | MathAtom | FootnoteAtom;

/** The names and titles that atoms hold are at most so long, UTF-16 units. */
const LONGEST_LABEL = 300;
/** A formula in a line is at most so long, UTF-16 units. */
const LONGEST_FORMULA = 2_000;
/** No atom shows more text than this, UTF-16 units. */
export const LONGEST_ATOM = Math.max(LONGEST_LABEL, LONGEST_FORMULA);
/** Names of documents are at most so long, UTF-16 units. */
const LONGEST_NAME = 1_024;
/** Signs that no line of text may hold: of control, and what ends a line. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Whether `value` is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(value);
}

/** Whether `value` can stand as the name of a person or the title of a document. */
function isLabel(value: unknown): value is string {
  return (
    typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_LABEL && !UNFIT.test(value)
  );
}

function isDocumentName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME && !UNFIT.test(value);
}

/** Whether `value` can stand as a formula in a line; whether it means something is not asked. */
export function isFormula(value: unknown): value is string {
  return (
    typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_FORMULA && !UNFIT.test(value)
  );
}

/** Whether `value` can name a footnote. */
export function isNoteId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.-]{1,40}$/.test(value);
}

/** Text as a name or a title may be: one line, no longer than allowed; '' if nothing is left. */
export function asLabel(text: string): string {
  return asLine(text).slice(0, LONGEST_LABEL).toWellFormed().replaceAll('\ufffd', '').trim();
}

/** A text in one line, whole. */
export function asLine(text: string): string {
  const line = text.replace(new RegExp(UNFIT, 'gu'), ' ').replace(/\s+/g, ' ');
  return line.trim().toWellFormed().replaceAll('\ufffd', '').trim();
}

/** Reads what stands in the flow as one unit; null if it is no atom that this version knows. */
export function readAtom(stored: unknown): Atom | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const get = (name: string): unknown => Reflect.get(stored, name);
  const date = get('date');
  if (isDay(date)) return { type: 'date', date };
  const tex = get('math');
  if (isFormula(tex)) return { type: 'math', tex };
  const note = get('footnote');
  if (isNoteId(note)) return { type: 'footnote', note };
  const mention = get('mention');
  const [name, document, title] = [get('name'), get('document'), get('title')];
  if (mention === 'person' && isLabel(name)) return { type: 'person', name };
  if (mention === 'document' && isDocumentName(document) && isLabel(title))
    return { type: 'document', document, title };
  return null;
}

/** What {@link readAtom} reads. */
export function writeAtom(atom: Atom): Readonly<Record<string, string>> {
  switch (atom.type) {
    case 'date':
      return { date: atom.date };
    case 'math':
      return { math: atom.tex };
    case 'footnote':
      return { footnote: atom.note };
    case 'person':
      return { mention: 'person', name: atom.name };
    case 'document':
      return { mention: 'document', document: atom.document, title: atom.title };
  }
}

/** An atom as words; a footnote has its own elsewhere. */
export function atomWords(atom: Atom): string {
  switch (atom.type) {
    case 'date':
      return atom.date;
    case 'math':
      return `$${atom.tex}$`;
    case 'footnote':
      return '';
    case 'person':
      return `@${atom.name}`;
    case 'document':
      return atom.title;
  }
}
