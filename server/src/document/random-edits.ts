import * as Y from 'yjs';

/** Random edits of every kind that Yjs knows, for fuzz tests. Repeats itself for one seed. */

/** A number from 0 to before 1 from a seed: mulberry32. */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = [
  'a',
  'Ω',
  '字',
  '😀',
  'word ',
  '👩‍👩‍👧',
  '\u0000',
  '﻿',
  'line\n',
  'ﬃ',
  '\ud800',
  'longer text of thirty chars...',
];
const KEYS = ['k', 'kind', '', 'ключ', '__proto__', 'constructor'];
const MARKS = ['bold', 'italic', 'link'];

/** The shared roots that the edits use, as an editor would declare them. */
export function declareRoots(doc: Y.Doc): void {
  doc.getText('text');
  doc.getMap('map');
  doc.getArray('array');
  doc.getXmlFragment('xml');
}

/** Makes edits in documents. */
export class RandomEdits {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 to before `bound`. */
  below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const at = this.below(from.length);
    for (const value of from.slice(at, at + 1)) return value;
    throw new RangeError('nothing to pick from');
  }

  /** One edit, or a few in one transaction. */
  edit(doc: Y.Doc): void {
    if (this.chance(0.15)) doc.transact(() => this.#several(doc));
    else this.#once(doc);
  }

  /** Types or deletes one character, as most updates of a real session do. */
  type(doc: Y.Doc): void {
    const text = doc.getText('text');
    if (this.chance(0.15) && text.length > 0) text.delete(this.below(text.length), 1);
    else text.insert(this.below(text.length + 1), this.pick(WORDS));
  }

  #several(doc: Y.Doc): void {
    for (let left = 1 + this.below(6); left > 0; left -= 1) this.#once(doc);
  }

  #once(doc: Y.Doc): void {
    switch (this.below(6)) {
      case 0:
        return this.type(doc);
      case 1:
        return this.#rich(doc.getText('text'));
      case 2:
        return this.#map(doc.getMap('map'));
      case 3:
        return this.#array(doc.getArray('array'));
      default:
        return this.#xml(doc.getXmlFragment('xml'), 0);
    }
  }

  #rich(text: Y.Text): void {
    const at = this.below(text.length + 1);
    const length = Math.min(this.below(8), text.length - at);
    switch (this.below(5)) {
      case 0:
        return text.insert(at, this.pick(WORDS), { [this.pick(MARKS)]: this.#mark() });
      case 1:
        return text.insertEmbed(at, { image: this.pick(WORDS).toWellFormed(), nested: [{ deep: null }] });
      case 2:
        if (this.chance(0.3)) text.insertEmbed(at, this.#type());
        return;
      case 3:
        if (length > 0) text.format(at, length, { [this.pick(MARKS)]: this.#mark() });
        return;
      default:
        if (length > 0) text.delete(at, length);
    }
  }

  #mark(): unknown {
    return this.pick<unknown>([true, null, 'x', { href: 'https://example.org' }, 3]);
  }

  #map(map: Y.Map<unknown>): void {
    const key = this.pick(KEYS);
    if (this.chance(0.2)) return map.delete(key);
    const inner = map.get(key);
    if (this.chance(0.4)) this.#inside(inner);
    else map.set(key, this.chance(0.3) ? this.#type() : this.#value(0));
  }

  #array(array: Y.Array<unknown>): void {
    const at = this.below(array.length + 1);
    const length = Math.min(1 + this.below(4), array.length - at);
    switch (this.below(4)) {
      case 0:
        if (length > 0) array.delete(at, length);
        return;
      case 1:
        if (array.length > 0) this.#inside(array.get(this.below(array.length)));
        return;
      case 2:
        return array.insert(at, [this.#type()]);
      default:
        return array.insert(
          at,
          Array.from({ length: 1 + this.below(4) }, () => this.#value(0)),
        );
    }
  }

  #inside(type: unknown): void {
    if (type instanceof Y.Text) this.#rich(type);
    else if (type instanceof Y.Map) this.#map(type);
    else if (type instanceof Y.Array) this.#array(type);
    else if (type instanceof Y.XmlFragment) this.#xml(type, 3);
  }

  #xml(parent: Y.XmlFragment, depth: number): void {
    const at = this.below(parent.length + 1);
    const child = parent.length > 0 ? parent.get(this.below(parent.length)) : null;
    const choice = this.below(7);
    if (parent instanceof Y.XmlElement && choice === 0) {
      if (this.chance(0.3)) parent.removeAttribute(this.pick(KEYS));
      else parent.setAttribute(this.pick(KEYS), this.pick(WORDS));
    } else if (choice === 1 && child !== null) parent.delete(this.below(parent.length), 1);
    else if (choice > 3 && child instanceof Y.XmlText) this.#rich(child);
    else if (choice > 2 && child instanceof Y.XmlElement && depth < 6) this.#xml(child, depth + 1);
    else {
      const text = new Y.XmlText();
      if (this.chance(0.5)) text.insert(0, this.pick(WORDS));
      const element = new Y.XmlElement(this.pick(['p', 'h1', 'li']));
      if (this.chance(0.5)) element.insert(0, [new Y.XmlText(this.pick(WORDS))]);
      parent.insert(at, [this.chance(0.3) ? text : element]);
    }
  }

  #type(): object {
    const map = new Y.Map<unknown>();
    if (this.chance(0.5)) map.set('k', this.#value(0));
    const array = new Y.Array<unknown>();
    if (this.chance(0.5)) array.push([this.#value(0), new Y.Map()]);
    return this.pick<object>([
      map,
      array,
      new Y.Text(this.pick(WORDS)),
      new Y.XmlElement('e'),
      new Y.XmlFragment(),
      new Y.XmlHook('hook'),
    ]);
  }

  #value(depth: number): unknown {
    const scalars = [
      null,
      depth > 0 ? undefined : null,
      true,
      false,
      -0,
      7,
      -1234567,
      2 ** 40,
      0.5,
      1e300,
      NaN,
      depth > 0 ? 12n : 12,
      this.pick(WORDS),
      new Uint8Array(this.below(5)),
    ];
    if (depth < 3 && this.chance(0.2)) return [this.#value(depth + 1), this.#value(depth + 1)];
    if (depth < 3 && this.chance(0.2)) return { key: this.#value(depth + 1), other: this.#value(depth + 1) };
    return this.pick(scalars);
  }
}
