import { Fragment } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { formatsOf, marksOf } from './marks.ts';

/** A format of a part of a code block's text, by its UTF-16 units. */
type Stretch = readonly [from: number, to: number, key: string, value: unknown];

/** More are not read. */
const MOST_STRETCHES = 1_000;

/** What is suggested in a code block, for formats in which code can be nothing but text. */
export function codeMarks(code: Node): readonly Stretch[] {
  const found: Stretch[] = [];
  code.forEach((text, offset) => {
    for (const [key, value] of Object.entries(formatsOf(text.marks)))
      found.push([offset, offset + text.nodeSize, key, value]);
  });
  return found;
}

/** The code block with what {@link codeMarks} gave for it; what cannot be read of it is left out. */
export function withCodeMarks(code: Node, stretches: unknown): Node {
  if (!Array.isArray(stretches) || !code.type.spec.code) return code;
  const read = stretches.slice(0, MOST_STRETCHES).flatMap((one: unknown): Stretch[] => {
    if (!Array.isArray(one)) return [];
    const [from, to, key, value]: unknown[] = one;
    return typeof from === 'number' && typeof to === 'number' && typeof key === 'string'
      ? [[from, to, key, value]]
      : [];
  });
  const text = code.textContent;
  const edges = new Set([0, text.length, ...read.flatMap(([from, to]) => [from, to])]);
  const cuts = [...edges].filter((at) => at >= 0 && at <= text.length).toSorted((a, b) => a - b);
  const parts = cuts.flatMap((start, index) => {
    const words = text.slice(start, cuts[index + 1]);
    const on = read.filter(([from, to]) => from <= start && start < to);
    const marks = marksOf(code.type.schema, Object.fromEntries(on.map(([, , key, value]) => [key, value])));
    return words === '' ? [] : [code.type.schema.text(words, code.type.allowedMarks(marks))];
  });
  return code.copy(Fragment.fromArray(parts));
}
