import type { ErrorCode } from '../error.ts';

/** A table of calls: argument and result of each. */
export type Calls<Table> = { [Name in keyof Table]: [unknown, unknown] };

/** A call on its way to a worker. */
export type Request<Table extends Calls<Table>> = {
  [Name in keyof Table]: {
    readonly id: number;
    /** See {@link Notice}: a call of an earlier epoch than the worker's is refused. */
    readonly epoch: number;
    readonly call: Name;
    readonly argument: Table[Name][0];
  };
}[keyof Table];

/** What a worker says by itself. */
export type Notice =
  | { readonly state: 'ready' }
  | { readonly state: 'refused'; readonly code: ErrorCode; readonly message: string }
  /** A commit failed. Whatever was sent in an earlier epoch is refused. */
  | { readonly state: 'failed'; readonly epoch: number; readonly reason: string }
  | { readonly state: 'healthy' };

/** An answer: a bare id says that a call without a result was done. */
export type Reply =
  | number
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly code: ErrorCode; readonly message: string };
