import type { AttributeValue } from './content.ts';

/** Who suggests, and when. */
export interface Suggested {
  /** Names the suggestion: one may hold several places, and several may hold one place. */
  readonly id: string;
  readonly author: string;
  /** When it was made, ms since 1970. */
  readonly time: number;
}

/** What is suggested of a text: that it is new, that it goes, or that its formats become `set` (null ends one). */
export const TEXT_SUGGESTIONS = ['insertion', 'deletion', 'formatting'] as const;

/** What is suggested of a block, a row or a cell: that it is new, that it goes, or that its attributes become `set`. */
export interface BlockSuggestion extends Suggested {
  readonly kind: 'insertion' | 'deletion' | 'change';
  readonly set: Readonly<Record<string, AttributeValue | null>> | null;
}

const ID = /^[\w-]{1,64}$/;
/** An author's name or address, UTF-16 units. */
const AUTHOR_LENGTH = 200;
/** What a suggestion would set, as JSON, UTF-16 units. */
const SET_LENGTH = 1_000;
/** Suggestions of one element; what is beyond stays stored and is not shown. */
const MOST = 32;
/** Before the id in the name of an attribute of an element. */
const ATTRIBUTE = 'suggestion:';

/** Reads who suggests; null if it is not of the grammar. */
export function readSuggested(id: unknown, value: unknown): Suggested | null {
  if (typeof id !== 'string' || !ID.test(id) || typeof value !== 'object' || value === null) return null;
  const author: unknown = Reflect.get(value, 'author');
  const time: unknown = Reflect.get(value, 'time');
  if (typeof author !== 'string' || author.length > AUTHOR_LENGTH) return null;
  return typeof time === 'number' && Number.isSafeInteger(time) && time >= 0 ? { id, author, time } : null;
}

/** Reads what a suggestion would set: names, each with a plain value or null; null if it is not of the grammar. */
export function readSet(value: unknown): Readonly<Record<string, AttributeValue | null>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const found: Record<string, AttributeValue | null> = {};
  for (const [name, one] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const plain = one === null || typeof one === 'boolean' || typeof one === 'string' || isFinite(one);
    if (!plain || !ID.test(name)) return null;
    found[name] = one;
  }
  return JSON.stringify(found).length > SET_LENGTH ? null : found;
}

const isFinite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function readBlockSuggestion(id: unknown, value: unknown): BlockSuggestion | null {
  const suggested = readSuggested(id, value);
  if (!suggested || typeof value !== 'object' || value === null) return null;
  const kind: unknown = Reflect.get(value, 'kind');
  if (kind === 'insertion' || kind === 'deletion') return { ...suggested, kind, set: null };
  const set = kind === 'change' ? readSet(Reflect.get(value, 'set')) : null;
  return set === null ? null : { ...suggested, kind: 'change', set };
}

/** No suggestions. */
export const NONE: readonly BlockSuggestion[] = Object.freeze([]);

/** The suggestions among the attributes of a block's element, by their ids. */
export function readSuggestions(attributes: Readonly<Record<string, unknown>>): readonly BlockSuggestion[] {
  const entries = Object.entries(attributes).filter(([name]) => name.startsWith(ATTRIBUTE));
  return ordered(entries.map(([name, value]) => readBlockSuggestion(name.slice(ATTRIBUTE.length), value)));
}

/** The suggestions that a list of them, as JSON may hold it, comes to. */
export function readSuggestionList(list: unknown): readonly BlockSuggestion[] {
  if (!Array.isArray(list)) return NONE;
  return ordered(
    list.map((one: unknown) =>
      typeof one === 'object' && one !== null ? readBlockSuggestion(Reflect.get(one, 'id'), one) : null,
    ),
  );
}

/** The suggestions of several elements that are shown as one; of two of an id the first counts. */
export function joinSuggestions(all: readonly (readonly BlockSuggestion[])[]): readonly BlockSuggestion[] {
  const some = all.filter((one) => one.length > 0);
  return some.length < 2 ? (some[0] ?? NONE) : ordered(some.toReversed().flat());
}

function ordered(found: readonly (BlockSuggestion | null)[]): readonly BlockSuggestion[] {
  const byId = new Map(found.flatMap((one) => (one ? [[one.id, one] as const] : [])));
  if (byId.size === 0) return NONE;
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MOST);
}

/** The attributes by which `wanted` differs from `present`, each suggestion one of its own; null removes one. */
export function suggestionChanges(
  present: readonly BlockSuggestion[],
  wanted: readonly BlockSuggestion[],
): Map<string, object | null> {
  const changes = new Map<string, object | null>();
  for (const { id } of present) if (!wanted.some((one) => one.id === id)) changes.set(ATTRIBUTE + id, null);
  for (const { id, ...value } of wanted) {
    const known = present.find((one) => one.id === id);
    if (!same(known, { id, ...value })) changes.set(ATTRIBUTE + id, value);
  }
  return changes;
}

function same(a: BlockSuggestion | undefined, b: BlockSuggestion): boolean {
  return (
    a !== undefined &&
    a.author === b.author &&
    a.time === b.time &&
    a.kind === b.kind &&
    JSON.stringify(a.set) === JSON.stringify(b.set)
  );
}
