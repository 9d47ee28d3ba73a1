import { decodeFrames, isCounted, type Frame } from '@sheaf/proto/channel/frame';
import type { EncodedFrame } from '@sheaf/proto/channel/outgoing';
import type { Carrier } from './carrier.ts';

/** A carrier without a network, for tests: what it is given waits here until the client takes it. */
export class MemoryCarrier implements Carrier {
  readonly kind = 'memory';
  /** Why it was closed. */
  ended: { readonly code: number; readonly reason: string } | null = null;
  #waiting: { readonly bytes: Uint8Array; readonly number: number | null }[] = [];
  readonly #taken: Frame[] = [];
  readonly #numbers: number[] = [];
  readonly #drained: (carrier: Carrier) => void;
  readonly #stalls: () => boolean;

  /** `drained` is told when all was taken; while `stalls`, the client takes nothing. */
  constructor(drained: (carrier: Carrier) => void = () => {}, stalls: () => boolean = () => false) {
    this.#drained = drained;
    this.#stalls = stalls;
  }

  get over(): boolean {
    return this.ended !== null;
  }

  get bufferedBytes(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** What the client has. */
  get frames(): readonly Frame[] {
    this.#take();
    return this.#taken;
  }

  /** The numbers of the counted ones among them. */
  get numbers(): readonly number[] {
    this.#take();
    return this.#numbers;
  }

  /** The texts of the messages that the client has, and `close CODE` for an end. */
  get texts(): string[] {
    return this.frames
      .filter(isCounted)
      .map((frame) => (frame.type === 'close' ? `close ${frame.code}` : Buffer.from(frame.body).toString()));
  }

  send(frame: EncodedFrame, number: number): void {
    this.#add(frame, number);
  }

  sendLoose(frame: EncodedFrame): void {
    this.#add(frame, null);
  }

  close(code: number, reason: string): void {
    this.ended ??= { code, reason };
  }

  /** The client takes what waits. */
  drain(): void {
    this.#take();
    this.#drained(this);
  }

  #add({ head, body }: EncodedFrame, number: number | null): void {
    if (this.ended) return;
    this.#waiting.push({ bytes: Buffer.concat([head, body]), number });
    this.#take();
  }

  #take(): void {
    if (this.#stalls()) return;
    for (const { bytes, number } of this.#waiting.splice(0)) {
      this.#taken.push(...decodeFrames(bytes));
      if (number !== null) this.#numbers.push(number);
    }
  }
}
