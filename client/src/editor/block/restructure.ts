import { blocksOf } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Step, StepMap, StepResult } from '@tiptap/pm/transform';

/**
 * Replaces the document by one in which the same blocks stand elsewhere. Its map tells of what lies between blocks
 * that stay as they are, and of those that are not in both; so whoever follows the map (the binding, decorations,
 * other people's carets) sees every other block kept. ProseMirror's own steps would replace a list that is cut in two.
 */
export class Restructure extends Step {
  readonly #before: Node;
  readonly #after: Node;
  readonly #moved: ReadonlySet<Node>;

  /** `moved` are the blocks that change their places among the others. */
  constructor(before: Node, after: Node, moved: ReadonlySet<Node> = new Set()) {
    super();
    this.#before = before;
    this.#after = after;
    this.#moved = moved;
  }

  override apply(doc: Node): StepResult {
    return doc === this.#before || doc.eq(this.#before)
      ? StepResult.ok(this.#after)
      : StepResult.fail('The document is another one.');
  }

  override getMap(): StepMap {
    const ranges: number[] = [];
    let [old, now] = [0, 0];
    const gap = (oldEnd: number, nowEnd: number) => {
      if (oldEnd > old || nowEnd > now) ranges.push(old, oldEnd - old, nowEnd - now);
    };
    for (const [was, is] of this.#kept()) {
      gap(was.pos, is.pos);
      [old, now] = [was.pos + was.node.nodeSize, is.pos + is.node.nodeSize];
    }
    gap(this.#before.content.size, this.#after.content.size);
    return new StepMap(ranges);
  }

  override invert(): Step {
    return new Restructure(this.#after, this.#before, this.#moved);
  }

  override map(): null {
    return null;
  }

  override toJSON(): never {
    throw new Error('This step knows whole documents, and is not sent to anybody.');
  }

  /** The blocks that are on both sides, in their order. */
  #kept(): [PlacedBlock, PlacedBlock][] {
    const pairs: [PlacedBlock, PlacedBlock][] = [];
    const now = blocksOf(this.#after);
    const places = new Map(now.map(({ node }, index) => [node, index]));
    let next = 0;
    for (const was of blocksOf(this.#before)) {
      const place = this.#moved.has(was.node) ? undefined : places.get(was.node);
      const is = place === undefined || place < next ? undefined : now[place];
      if (place === undefined || !is) continue;
      pairs.push([was, is]);
      next = place + 1;
    }
    return pairs;
  }
}
