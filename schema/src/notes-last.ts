import type { Node } from '@tiptap/pm/model';
import { atomOf } from './atom-nodes.ts';
import type { Entry } from './table-layout.ts';

const NONE: readonly string[] = [];

/**
 * Orders what a document holds as it is shown: footnotes behind all else, each in one piece, in the order of their first
 * references; those to which nothing refers come last. Where they are stored says nothing, so nothing is written when a
 * reference moves, and whoever writes in a note is not disturbed.
 */
export class NotesLast<At> {
  /** The ids that a block refers to. */
  readonly #references = new WeakMap<Node, readonly string[]>();

  order(entries: readonly Entry<At>[]): readonly Entry<At>[] {
    const notes = new Map<string, Entry<At>[]>();
    for (const entry of entries) {
      const { note } = entry.frame;
      if (note === null) continue;
      const known = notes.get(note);
      if (known) known.push(entry);
      else notes.set(note, [entry]);
    }
    if (notes.size === 0) return entries;
    const shown = entries.filter(({ frame }) => frame.note === null);
    const ids = new Set<string>();
    for (const entry of shown) this.#refer(entry, ids);
    const show = (id: string, more: Set<string>) => {
      for (const entry of notes.get(id) ?? []) {
        shown.push(entry);
        this.#refer(entry, more);
      }
      notes.delete(id);
    };
    // References within a note count where it is shown: what is added to a set that is walked through is walked through as well.
    for (const id of ids) show(id, ids);
    for (const id of [...notes.keys()]) {
      const more = new Set([id]);
      for (const one of more) show(one, more);
    }
    return shown;
  }

  #refer({ node }: Entry<At>, ids: Set<string>): void {
    let found = this.#references.get(node);
    if (!found) {
      const referred: string[] = [];
      node.descendants((inner) => {
        const atom = atomOf(inner);
        if (atom?.type === 'footnote') referred.push(atom.note);
      });
      found = referred.length > 0 ? referred : NONE;
      this.#references.set(node, found);
    }
    for (const id of found) ids.add(id);
  }
}
