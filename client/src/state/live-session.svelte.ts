import { createSubscriber } from 'svelte/reactivity';
import { peers } from '../sync/presence.ts';
import type { Peer } from '../sync/presence.ts';
import { emptySaveState, saveState } from '../sync/save-state.ts';
import type { SaveState } from '../sync/save-state.ts';
import type { DocumentSession } from '../sync/session.ts';

/** A session as runes see it. What stays equal is not told again: a session changes at every key. */
export class LiveSession {
  readonly session: DocumentSession;
  readonly #self: string;
  readonly #followSaving: () => void;
  readonly #followPeople: () => void;
  #lastSave: SaveState = emptySaveState('opening');

  readonly save: SaveState = $derived.by(() => {
    this.#followSaving();
    const next = saveState(this.session.facts);
    if (!isSame(next, this.#lastSave)) this.#lastSave = next;
    return this.#lastSave;
  });

  /** Whether the document's content is here. */
  readonly loaded: boolean = $derived.by(() => {
    this.#followSaving();
    return this.session.loaded;
  });

  /** Whether this person may type. */
  readonly editable: boolean = $derived.by(() => {
    this.#followSaving();
    const { readOnly, link } = this.session.facts;
    return !readOnly && link !== 'denied' && link !== 'deleted' && link !== 'corrupt';
  });

  /** Parts of this browser's copy that could not be read. */
  readonly damaged: number = $derived.by(() => {
    this.#followSaving();
    return this.session.damaged;
  });

  readonly peers: Peer[] = $derived.by(() => {
    this.#followPeople();
    return peers(this.session.awareness, this.#self);
  });

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
}

function isSame(one: SaveState, other: SaveState): boolean {
  return (
    one.state === other.state &&
    one.unsavedChanges === other.unsavedChanges &&
    one.keptChanges === other.keptChanges &&
    one.keeping === other.keeping &&
    one.persisted === other.persisted &&
    one.cause === other.cause &&
    one.login === other.login &&
    one.copies?.nodes === other.copies?.nodes &&
    one.copies?.of === other.copies?.of &&
    one.carrier?.kind === other.carrier?.kind &&
    one.carrier?.reason === other.carrier?.reason
  );
}
