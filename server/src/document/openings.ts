import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentState, Opening } from './document-state.ts';
import type { FanOut } from './fan-out.ts';
import { ownBytes } from '../store/own-bytes.ts';
import type { TaskRunner } from './replicas.ts';
import type { Session } from './session.ts';

/** Brings those who open a document up to date (SPEC OPEN): with what is stored as it is, or with a difference that a worker makes. */
export class Openings {
  readonly #state: DocumentState;
  readonly #fanOut: FanOut;
  readonly #limits: Limits;
  readonly #replicas: TaskRunner;
  readonly #diffs: { run<T>(task: () => Promise<T>): Promise<T> };

  /** `openings` limits how many differences are made at once. */
  constructor(
    state: DocumentState,
    fanOut: FanOut,
    options: {
      limits: Limits;
      replicas: TaskRunner;
      openings: { run<T>(task: () => Promise<T>): Promise<T> };
    },
  ) {
    this.#state = state;
    this.#fanOut = fanOut;
    this.#limits = options.limits;
    this.#replicas = options.replicas;
    this.#diffs = options.openings;
  }

  /** Answers somebody's handshake: asks for what they have, and sends what their state vector lacks. */
  open(session: Session, stateVector: Uint8Array): void {
    if (session.ledger.unanswered > this.#limits.handshakes) {
      session.close('too-many', 'too many handshakes that were not finished');
      return;
    }
    const opening = this.#plan(session, stateVector);
    if (opening === null) return;
    session.subscriber.sendStepOne(this.#state.knowledge.stateVector());
    if (opening.kind === 'diff') {
      void this.#openByDiff(session, ownBytes(stateVector));
      return;
    }
    if (opening.snapshot !== null) session.subscriber.sendSnapshot(opening.snapshot);
    session.subscriber.sendStepTwo(opening.stepTwo);
    session.has(this.#state.received);
  }

  #plan(session: Session, stateVector: Uint8Array): Opening | null {
    try {
      return this.#state.opening(stateVector);
    } catch (thrown) {
      session.close('malformed', SheafError.from(thrown).message);
      return null;
    }
  }

  async #openByDiff(session: Session, stateVector: Uint8Array): Promise<void> {
    session.beginOpening();
    try {
      await this.#diffs.run(async () => {
        if (session.closed) return;
        const upTo = this.#state.received;
        const ask = { updates: this.#state.updates(), stateVector };
        const update = await this.#replicas.run('diff', ask);
        if (session.closed) return;
        session.endOpening();
        session.subscriber.sendStepTwo(update);
        session.has(upTo);
        this.#fanOut.catchUp(session);
      });
    } catch (thrown) {
      const error = SheafError.from(thrown);
      session.close(error.code === 'malformed' ? 'malformed' : 'internal', error.message);
    }
  }
}
