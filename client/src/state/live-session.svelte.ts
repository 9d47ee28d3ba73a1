import { createSubscriber } from 'svelte/reactivity';
import { peers } from '../sync/presence.ts';
import type { Peer } from '../sync/presence.ts';
import { saveState } from '../sync/save-state.ts';
import type { SaveState } from '../sync/save-state.ts';
import type { DocumentSession } from '../sync/session.ts';

/** A session as runes see it: reading a getter in a component follows its changes. */
export class LiveSession {
  readonly session: DocumentSession;
  readonly #self: string;
  readonly #followSaving: () => void;
  readonly #followPeople: () => void;

  /** `self` is the id of the person who uses this page. */
  constructor(session: DocumentSession, self: string) {
    this.session = session;
    this.#self = self;
    this.#followSaving = createSubscriber((update) => session.onChange(update));
    this.#followPeople = createSubscriber((update) => {
      session.awareness.on('change', update);
      return () => session.awareness.off('change', update);
    });
  }

  get save(): SaveState {
    this.#followSaving();
    return saveState(this.session.facts);
  }

  /** Whether the document's content is here. */
  get loaded(): boolean {
    this.#followSaving();
    return this.session.loaded;
  }

  /** Whether this person may type. */
  get editable(): boolean {
    this.#followSaving();
    const { readOnly, link } = this.session.facts;
    return !readOnly && link !== 'denied' && link !== 'deleted';
  }

  get peers(): Peer[] {
    this.#followPeople();
    return peers(this.session.awareness, this.#self);
  }
}
