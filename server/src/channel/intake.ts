import { Incoming, type Arrival } from '@sheaf/proto/channel/incoming';
import type { CountedFrame } from '@sheaf/proto/channel/frame';
import type { Limits } from '../limits.ts';
import type { Source } from './carrier.ts';

/** What comes from a channel's client: how much has come, by what, and whether the protocol wants it now (SPEC CH-9). */
export class Intake {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #begun: number;
  readonly #incoming = new Incoming();
  /** Whatever brings frames. */
  readonly #sources = new Set<Source>();
  #paused = false;
  /** Whether the protocol was given nothing yet, and did not say that it knows who this is. */
  #stranger = true;
  /** When the last frame of the client's came; a message of which only parts are there waits for the next. */
  #partAt: number;

  /** `now`: a steady clock, ms. */
  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#begun = now();
    this.#partAt = this.#begun;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** How many of the client's counted frames have come. */
  get received(): number {
    return this.#incoming.received;
  }

  /** The longest message that may come now, bytes. */
  get messageBytes(): number {
    return this.#stranger ? this.#limits.unauthenticatedBytes : this.#limits.messageBytes;
  }

  /** Adds what brings frames; returns what ends that. */
  open(source: Source): () => void {
    this.#sources.add(source);
    if (this.#paused) source.pause();
    return () => this.#sources.delete(source);
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#stranger = false;
    for (const source of this.#sources) source.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const source of [...this.#sources]) if (!this.#paused) source.resume();
  }

  /** Takes counted frame `number`; what is whole by it. Throws BadFrame. */
  take(frame: CountedFrame, number: number): Arrival | null {
    const { received } = this;
    const arrival = this.#incoming.take(frame, number, this.messageBytes);
    if (this.received > received) this.#partAt = this.#now();
    if (arrival?.type === 'message') this.#stranger = false;
    return arrival;
  }

  /** Why it has waited for too long at `now`, ms; null if it has not. */
  lateness(now: number): string | null {
    if (this.#stranger && now - this.#begun >= this.#limits.authenticateMs) return 'Nothing came.';
    if (!this.#incoming.isPartial || this.#paused) this.#partAt = now;
    return now - this.#partAt >= this.#limits.channelPartMs ? 'A message did not end.' : null;
  }

  /** Nothing comes any more. */
  end(): void {
    this.#paused = false;
    for (const source of [...this.#sources]) source.ended();
    this.#sources.clear();
  }
}
