import { createSubscriber } from 'svelte/reactivity';
import { peers } from '../sync/presence.ts';
import type { Peer } from '../sync/presence.ts';
import type { SaveState } from '../sync/save-state.ts';
import type { DocumentSession } from '../sync/session.ts';
import { ShownSession } from './shown-session.ts';
import type { Shown } from './shown-session.ts';

/** A session as runes see it. */
export class LiveSession {
  readonly session: DocumentSession;
  readonly #self: string;
  readonly #watched: ShownSession;
  readonly #followSession: () => void;
  readonly #followPeople: () => void;

  readonly #shown: Shown = $derived.by(() => {
    this.#followSession();
    return this.#watched.current;
  });
  readonly save: SaveState = $derived(this.#shown.save);
  readonly loaded: boolean = $derived(this.#shown.loaded);
  readonly editable: boolean = $derived(this.#shown.editable);
  readonly damaged: number = $derived(this.#shown.damaged);

  readonly peers: Peer[] = $derived.by(() => {
    this.#followPeople();
    return peers(this.session.awareness, this.#self);
  });

  /** `self` is the id of the person who uses this page. */
  constructor(session: DocumentSession, self: string) {
    this.session = session;
    this.#self = self;
    this.#watched = new ShownSession(session);
    this.#followSession = createSubscriber((update) => this.#watched.follow(update));
    this.#followPeople = createSubscriber((update) => {
      session.awareness.on('change', update);
      return () => session.awareness.off('change', update);
    });
  }
}
