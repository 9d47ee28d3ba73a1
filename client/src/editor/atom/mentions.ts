import { atomOf } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';

/** The people whom a document mentions. A block that stays is read once: this is asked at each key. */
export class Mentions {
  readonly #known = new WeakMap<Node, readonly string[]>();

  /** Their names, each as often as it is there. */
  names(doc: Node): string[] {
    return doc.children.flatMap((block) => this.#namesIn(block));
  }

  #namesIn(block: Node): readonly string[] {
    const known = this.#known.get(block);
    if (known) return known;
    const names: string[] = [];
    block.descendants((node) => {
      const atom = atomOf(node);
      if (atom?.type === 'person') names.push(atom.name);
    });
    this.#known.set(block, names);
    return names;
  }
}
