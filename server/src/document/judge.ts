import type { Limits } from '../limits.ts';
import type { Knowledge } from './knowledge.ts';

/** New structs of one client inside the bytes that were judged. */
export interface PieceSection {
  readonly client: number;
  /** Clock of the first new struct, which is the client's next one. */
  readonly clock: number;
  /** The client's next clock behind them. */
  readonly endClock: number;
  /** How many structs. */
  readonly structs: number;
  /** Byte range in the piece's source. */
  readonly from: number;
  readonly to: number;
}

/** New delete ranges of one client: start, end, start, end, … ascending and merged. */
export interface PieceDeletes {
  readonly client: number;
  readonly bounds: readonly number[];
}

/** What is new in an update. A plain object: it can be posted to another thread. */
export interface Piece {
  /** The judged bytes, possibly a view into a network chunk: copy what is kept. */
  readonly source: Uint8Array;
  /** Everything in `source` was new: it is itself the update. */
  readonly whole: boolean;
  readonly sections: readonly PieceSection[];
  readonly deletes: readonly PieceDeletes[];
  /** Types with an explicit parent among the structs. */
  readonly nesting: number;
}

/** Why the judge leaves an update to a real Y.Doc. */
export type SlowReason =
  | 'gap' // a client's structs begin behind its next clock
  | 'dependency' // refers to structs that are not known
  | 'deletes' // deletes what is not known
  | 'overlap' // a struct is partly known
  | 'size' // more bytes, structs or ranges than the judge reads
  | 'types' // more new types than the judge certifies
  | 'nesting' // the nesting must be measured first
  | 'clients' // the document would have too many clients
  | 'unusual'; // an encoding that Yjs doesn't write

/** What is to be done with an update. */
export type Verdict =
  /** Continues the document. `newClients`: ids without any struct until now. */
  | { readonly kind: 'new'; readonly piece: Piece; readonly newClients: readonly number[] }
  /** Nothing in it is new. */
  | { readonly kind: 'known' }
  /** Not certified. `gaps`: clients whose structs begin behind their next clock in this update. */
  | { readonly kind: 'slow'; readonly reason: SlowReason; readonly gaps: readonly number[] }
  | {
      readonly kind: 'refused';
      readonly code: 'malformed' | 'subdocument';
      readonly reason: string;
    };

/** The bounds that the judge works under. */
export type JudgeLimits = Pick<
  Limits,
  'judgeBytes' | 'judgeStructs' | 'judgeRanges' | 'judgeTypes' | 'documentClients' | 'unmeasuredNesting'
>;

/**
 * Judges a Yjs V1 update against what is known of its document. Changes nothing and throws nothing. Sound, not
 * complete: what it calls new, `Y.applyUpdate` on a Y.Doc of that document integrates without parking or throwing.
 */
export function judge(knowledge: Knowledge, update: Uint8Array, limits: JudgeLimits): Verdict {
  return { kind: 'refused', code: 'malformed', reason: `${knowledge.clients} ${update.length} ${limits.judgeBytes}` };
}

/** Takes a piece that `judge` has just called new into what is known. */
export function admit(knowledge: Knowledge, piece: Piece): void {
  for (const section of piece.sections) knowledge.advance(section.client, section.endClock);
  for (const { client, bounds } of piece.deletes)
    for (let i = 0; i < bounds.length; i += 2) knowledge.addDeleted(client, bounds[i] ?? 0, bounds[i + 1] ?? 0);
  knowledge.unmeasuredNesting += piece.nesting;
}

/** A Yjs V1 update of what is new: `source` itself when all of it was, else written anew. */
export function pieceBytes(piece: Piece): Uint8Array {
  return piece.source;
}
