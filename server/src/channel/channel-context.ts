import type { Limits } from '../limits.ts';
import type { CarrierKind } from './carrier.ts';
import type { FrameEncoder } from './frame-encoder.ts';
import type { Account } from './retained.ts';

/** Where a channel writes what an operator should know. */
export interface ChannelLog {
  debug(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a channel needs of its server. */
export interface ChannelContext {
  readonly limits: Limits;
  readonly log: ChannelLog;
  readonly encoder: FrameEncoder;
  /** A steady clock, ms. */
  readonly now: () => number;
  /** Called once, when the channel has ended. */
  readonly ended: () => void;
  /** What its address makes the server keep, at this moment. */
  readonly account: () => Account;
  /** A carrier took the channel; `again`: not its first. */
  readonly taken: (kind: CarrierKind, again: boolean) => void;
}
