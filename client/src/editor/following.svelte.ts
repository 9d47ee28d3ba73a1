import type { EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import type { FlowBinding } from './binding/flow-binding.ts';

/** The awareness field that names the page whose view this one follows, by its client id. */
const FOLLOWS = 'follows';
/** The awareness field in which a page that is followed tells what it shows; others do not tell it. */
const VIEW = 'view';
/** The awareness field in which a page tells where its person is. */
const CURSOR = 'cursor';
/** A page that is followed tells where it is at most so often, ms. */
const TELL_MS = 150;
/** A view begins at most so far above or below its first block, px: peers are not trusted. */
const MOST_OFFSET = 4_000;

interface FollowingOptions {
  readonly view: EditorView;
  readonly awareness: Awareness;
  readonly binding: () => FlowBinding | null;
  /** What scrolls. */
  readonly stage: HTMLElement;
  /** Following ended, though nobody pressed the face again. */
  readonly onend: () => void;
}

/**
 * Follows another person's view: this page scrolls as theirs does, until one scrolls oneself, types, presses Escape, or
 * they leave. A page tells what it shows only while somebody follows it, so it costs nobody else anything.
 */
export class Following {
  readonly #options: FollowingOptions;
  #current = $state.raw<number | null>(null);
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FollowingOptions) {
    this.#options = options;
    const { awareness, stage, view } = options;
    awareness.on('change', this.#changed);
    stage.addEventListener('scroll', this.#scrolled, { passive: true });
    for (const name of ['wheel', 'touchmove', 'pointerdown'] as const)
      stage.addEventListener(name, this.#mine, { passive: true });
    view.dom.addEventListener('keydown', this.#mine);
    window.addEventListener('keydown', this.#escape);
  }

  /** The client id of the page that is followed. */
  get current(): number | null {
    return this.#current;
  }

  /** Follows a page; false if its person is nowhere in the document yet, so that there is nothing to show. */
  follow(clientId: number): boolean {
    const { awareness } = this.#options;
    this.#current = clientId;
    awareness.setLocalStateField(FOLLOWS, clientId);
    return this.#show();
  }

  stop(): void {
    if (this.#current === null) return;
    this.#current = null;
    const { awareness } = this.#options;
    if (awareness.getLocalState() !== null) awareness.setLocalStateField(FOLLOWS, null);
  }

  destroy(): void {
    const { awareness, stage, view } = this.#options;
    this.stop();
    clearTimeout(this.#telling);
    awareness.off('change', this.#changed);
    stage.removeEventListener('scroll', this.#scrolled);
    for (const name of ['wheel', 'touchmove', 'pointerdown'] as const)
      stage.removeEventListener(name, this.#mine);
    view.dom.removeEventListener('keydown', this.#mine);
    window.removeEventListener('keydown', this.#escape);
  }

  get #isFollowed(): boolean {
    const { awareness } = this.#options;
    return [...awareness.getStates().values()].some((state) => state[FOLLOWS] === awareness.clientID);
  }

  #end(): void {
    if (this.#current === null) return;
    this.stop();
    this.#options.onend();
  }

  #mine = (): void => this.#end();

  #escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#end();
  };

  #changed = (): void => {
    const { awareness } = this.#options;
    const told = awareness.getLocalState()?.[VIEW] ?? null;
    if (this.#isFollowed && told === null) this.#tell();
    else if (!this.#isFollowed && told !== null) awareness.setLocalStateField(VIEW, null);
    if (this.#current === null) return;
    if (awareness.getStates().has(this.#current)) this.#show();
    else this.#end();
  };

  #scrolled = (): void => {
    if (this.#telling !== undefined || !this.#isFollowed) return;
    this.#telling = setTimeout(() => {
      this.#telling = undefined;
      if (this.#isFollowed) this.#tell();
    }, TELL_MS);
  };

  /** Tells which block is the first in view, and how far from the top it begins. */
  #tell(): void {
    const { awareness, binding, stage, view } = this.#options;
    const { top, left, width } = stage.getBoundingClientRect();
    const flow = binding();
    const place = view.posAtCoords({ left: left + width / 2, top: top + 1 })?.pos ?? 0;
    const start = place - view.state.doc.resolve(place).parentOffset;
    if (!flow) return;
    const { anchor } = flow.anchor({ anchor: start, head: start });
    const offset = Math.round(view.coordsAtPos(start).top - top);
    awareness.setLocalStateField(VIEW, { anchor, offset });
  }

  /** Scrolls to where the other page is: its view, or its caret as long as it does not tell that. */
  #show(): boolean {
    const { awareness, binding, stage, view } = this.#options;
    const state = this.#current === null ? undefined : awareness.getStates().get(this.#current);
    const told: unknown = state?.[VIEW];
    const cursor: unknown = state?.[CURSOR];
    const flow = binding();
    const known = typeof told === 'object' && told !== null;
    const anchor: unknown = known
      ? Reflect.get(told, 'anchor')
      : typeof cursor === 'object' && cursor !== null
        ? Reflect.get(cursor, 'head')
        : null;
    const position = flow?.resolve(anchor) ?? null;
    if (position === null || position > view.state.doc.content.size) return false;
    const offset = known ? Number(Reflect.get(told, 'offset')) : stage.clientHeight / 3;
    const wanted = Number.isFinite(offset) ? Math.max(-MOST_OFFSET, Math.min(offset, MOST_OFFSET)) : 0;
    stage.scrollTop += view.coordsAtPos(position).top - stage.getBoundingClientRect().top - wanted;
    return true;
  }
}
