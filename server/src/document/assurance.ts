import type { DocumentName } from '../store/document-name.ts';
import type { Relay } from './relay.ts';

/** On how many servers' disks something is, and on how many it has to be. */
export interface CopyCount {
  readonly nodes: number;
  readonly of: number;
}

/** What an assurance needs of a relay. */
export type AssuringRelay = Pick<Relay, 'others' | 'wanted' | 'copies'>;

/**
 * Through which number a document is on the disks of as many other servers as acknowledgements wait for (SPEC REPL-13);
 * through all, where they wait for none. What people here write is made sure of by itself. What was loaded, or came from
 * other servers, is made sure of when somebody here waits for it.
 */
export class Assurance {
  readonly #relay: AssuringRelay | null;
  readonly #document: DocumentName;
  readonly #lateMs: number;
  #through: number;
  /** The last number of what did not begin here. */
  #foreign: number;
  /** Through this number also that is where it has to be. */
  #assured = 0;
  /** Through this number it is being made sure of. */
  #wanted = 0;
  #waits: { readonly seq: number; readonly resolve: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** `loaded`: the last number that was read from the disk. `lateMs`: see {@link watch}. */
  constructor(options: {
    relay: AssuringRelay | null;
    document: DocumentName;
    loaded: number;
    lateMs: number;
  }) {
    const { relay, document, loaded, lateMs } = options;
    this.#relay = relay !== null && relay.others > 0 ? relay : null;
    this.#document = document;
    this.#lateMs = lateMs;
    this.#through = loaded;
    this.#foreign = loaded;
  }

  /** Whether acknowledgements wait for other servers at all. */
  get waits(): boolean {
    return this.#relay !== null;
  }

  /** The last number that is where it has to be; means nothing where nothing waits. */
  get through(): number {
    return this.#through;
  }

  /** What another server took was taken here under this number. */
  foreign(seq: number): void {
    this.#foreign = seq;
  }

  /** Somebody waits for something that was here already, in the document through its last number `seq`. */
  needs(seq: number): void {
    if (this.#relay === null || this.#foreign <= this.#assured || seq === 0) return;
    this.#through = Math.min(this.#through, seq - 1);
    if (this.#wanted >= seq) return;
    this.#wanted = seq;
    this.#relay.wanted(this.#document, seq);
  }

  /** Everything through this number is where it has to be. */
  told(seq: number): void {
    this.#through = Math.max(this.#through, seq);
    if (this.#through >= this.#wanted) this.#assured = this.#wanted;
    for (const { resolve } of this.#waits.filter((wait) => wait.seq <= this.#through)) resolve();
    this.#waits = this.#waits.filter((wait) => wait.seq > this.#through);
  }

  /** Resolves when everything through `seq` is where it has to be, or after so many ms. */
  async when(seq: number, ms: number): Promise<void> {
    if (!this.waits || this.#through >= seq) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waits.push({ seq, resolve });
    const late = setTimeout(resolve, ms);
    await promise;
    clearTimeout(late);
    this.#waits = this.#waits.filter((wait) => wait.resolve !== resolve);
  }

  /**
   * Somebody waits. `durable` gives through which number the document is on the disk here; null when nobody waits any
   * more. What others have not got after `lateMs` is told, again and again.
   */
  watch(durable: () => number | null, tell: (copies: CopyCount) => void): void {
    const relay = this.#relay;
    const from = durable();
    if (relay === null || this.#timer !== null || from === null || this.#through >= from) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const now = durable();
      if (now === null) return;
      if (this.#through < from) tell({ nodes: relay.copies(this.#document, now), of: relay.others + 1 });
      this.watch(durable, tell);
    }, this.#lateMs);
  }

  /** Nobody is told anything any more. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const { resolve } of this.#waits.splice(0)) resolve();
  }
}
