import type { Documents } from '../document/documents.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';

/** How often it is looked whether something is due, ms. */
const LOOK_MS = 250;
/** What a node tells of a document: the number through which it has read the log, little-endian. */
const POSITION_BYTES = 8;

/** What nodes need that share one log. */
export interface SharedLogOptions {
  readonly documents: Documents;
  readonly limits: Pick<Limits, 'logTakeOverMs' | 'logFollowMs' | 'logFollowApartMs'>;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** Whether some node lives to which there is no link, or that is not known. */
  readonly isApart: () => boolean;
  readonly report: (words: string, error: SheafError) => void;
}

/**
 * How nodes come to hold the same whose documents lie in one log (SPEC SHARED): what replicas fetch from each other, they
 * read there.
 */
export class SharedLogNode {
  readonly #options: SharedLogOptions;
  #timer: NodeJS.Timeout | null = null;
  #followedAt = -Infinity;
  /** Until then links are new, or were lost lately: what was written meanwhile was told to nobody. */
  #unsureUntil = -Infinity;
  #following = false;
  #failed = false;

  constructor(options: SharedLogOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Does what is due now. */
  look(): void {
    const { documents, limits, now, isApart } = this.#options;
    documents.shared?.takeOver(limits.logTakeOverMs);
    const often = isApart() || now() < this.#unsureUntil;
    const everyMs = often ? limits.logFollowApartMs : limits.logFollowMs;
    if (!this.#following && now() >= this.#followedAt + everyMs) void this.#follow();
  }

  /** A link is there, or is lost. `gone`: what came over it is written here if need be. */
  linksChanged(gone: boolean): void {
    const { documents, limits, now } = this.#options;
    this.#unsureUntil = now() + limits.logFollowMs;
    if (!gone) return;
    documents.shared?.takeOver(0);
    documents.shared?.attendToAll();
  }

  /** What another node compares with what it has (see {@link isBehind}). */
  position(document: DocumentName): Uint8Array {
    const bytes = new Uint8Array(POSITION_BYTES);
    const position = this.#options.documents.shared?.position(document) ?? 0;
    new DataView(bytes.buffer).setBigUint64(0, BigInt(position), true);
    return bytes;
  }

  /** Whether a node that said this has read less of the log than this one. */
  isBehind(document: DocumentName, said: Uint8Array): boolean {
    if (said.length !== POSITION_BYTES) return false;
    const theirs = new DataView(said.buffer, said.byteOffset).getBigUint64(0, true);
    return BigInt(this.#options.documents.shared?.position(document) ?? 0) > theirs;
  }

  /** Reads what is new of a document, if it is open. Errors: those of `SharedLog.read`. */
  async read(document: DocumentName): Promise<void> {
    await this.#options.documents.shared?.catchUp(document);
  }

  /** Reads what is new of every open document. Errors: `storage-unavailable`. */
  async follow(): Promise<void> {
    this.#followedAt = this.#options.now();
    await this.#options.documents.shared?.follow();
  }

  async #follow(): Promise<void> {
    this.#following = true;
    try {
      await this.follow();
      this.#failed = false;
    } catch (thrown) {
      // It is tried again, and told once.
      if (!this.#failed) this.#options.report('following the log', SheafError.from(thrown));
      this.#failed = true;
    } finally {
      this.#following = false;
    }
  }
}
