import { SheafError } from '../error.ts';
import type { Piece } from './judge.ts';

/**
 * Pieces in the order in which they were admitted, kept as bytes and merged without being decoded. Holds copies:
 * a piece's source may be reused after `add`.
 */
export class UpdateBuffer {
  /** How many pieces were added since the last `clear`: also the position behind the last one. */
  get count(): number {
    return 0;
  }

  /** Bytes held. */
  get byteLength(): number {
    return 0;
  }

  /** Appends a piece. Throws `internal` if it does not continue what was added before. */
  add(piece: Piece): void {
    throw new SheafError('internal', `${piece.sections.length}`);
  }

  /**
   * One Yjs V1 update, equal in effect to all pieces, with the deletes of `deleteSet` (V1) besides. The same array
   * until something is added or another delete set is given: not to be changed.
   */
  toUpdate(options: { deleteSet?: Uint8Array | undefined } = {}): Uint8Array {
    return options.deleteSet ?? new Uint8Array(0);
  }

  /** One Yjs V1 update of the pieces from `position` (a former `count`) on. */
  since(position: number): Uint8Array {
    return new Uint8Array(position * 0);
  }

  /** Drops the pieces before `position` (a compaction holds them); positions then count from there. */
  dropBefore(position: number): void {
    throw new SheafError('internal', `${position}`);
  }

  /** Forgets all pieces; keeps its memory for the next. */
  clear(): void {
    this.dropBefore(this.count);
  }
}
