import type * as Y from 'yjs';
import type { Formatting } from './segment.ts';

interface TextPiece {
  readonly text: string;
  readonly formatting: Formatting;
}

/** A text, and the flow's index where it goes. */
export interface Typed extends TextPiece {
  readonly at: number;
}

/** What is inserted in one go: text, or an element (or another thing) of its own. */
export type Piece = TextPiece | { readonly embed: object; readonly formatting: Formatting };

/**
 * Deletions and insertions, all told by the flow's indices before any of them. What is inserted at one index stands
 * in the order in which it was told.
 */
export class FlowEdits {
  readonly #deletes: { from: number; to: number }[] = [];
  readonly #inserts = new Map<number, Piece[]>();

  delete(from: number, to: number): void {
    const last = this.#deletes[this.#deletes.length - 1];
    if (from >= to) return;
    if (last && last.to === from) last.to = to;
    else this.#deletes.push({ from, to });
  }

  insert(at: number, pieces: readonly Piece[]): void {
    if (pieces.length === 0) return;
    const here = this.#inserts.get(at);
    if (here) here.push(...pieces);
    else this.#inserts.set(at, [...pieces]);
  }

  /** Makes them all; to be called once, in a Yjs transaction, with the flow as it was when they were told. */
  apply(flow: Y.Text): void {
    const events = [
      ...this.#merged().map(({ from, to }) => ({ at: from, to, pieces: null })),
      ...[...this.#inserts].map(([at, pieces]) => ({ at, to: at, pieces })),
    ];
    // From the end, so that what is not made yet stays where it was told; at one place the deletion comes first.
    events.sort((a, b) => b.at - a.at || b.to - a.to);
    for (const { at, to, pieces } of events) {
      if (pieces) insertPieces(flow, at, pieces);
      else flow.delete(at, to - at);
    }
  }

  /** All there is to do, if it is one text at one place. */
  get typed(): Typed | null {
    if (this.#deletes.length > 0 || this.#inserts.size !== 1) return null;
    for (const [at, [piece, ...others]] of this.#inserts)
      if (piece && 'text' in piece && others.length === 0) return { at, ...piece };
    return null;
  }

  /** The deletions in order, without overlaps, cut where something is inserted within one. */
  #merged(): { from: number; to: number }[] {
    const merged: { from: number; to: number }[] = [];
    for (const { from, to } of this.#deletes.toSorted((a, b) => a.from - b.from)) {
      const last = merged[merged.length - 1];
      if (last && from <= last.to) last.to = Math.max(last.to, to);
      else merged.push({ from, to });
    }
    const places = [...this.#inserts.keys()].toSorted((a, b) => a - b);
    return merged.flatMap(({ from, to }) => {
      const cuts = [from, ...places.filter((at) => at > from && at < to), to];
      return cuts.slice(1).map((end, index) => ({ from: cuts[index] ?? from, to: end }));
    });
  }
}

function insertPieces(flow: Y.Text, at: number, pieces: readonly Piece[]): void {
  let end = at;
  for (const piece of pieces) {
    const formatting = { ...piece.formatting };
    if ('text' in piece) flow.insert(end, piece.text, formatting);
    else flow.insertEmbed(end, piece.embed, formatting);
    end += 'text' in piece ? piece.text.length : 1;
  }
}
