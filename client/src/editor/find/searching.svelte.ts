import type { EditorEvents } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { Mapping } from '@tiptap/pm/transform';
import type { AnchoredSelection } from '../binding/flow-binding.ts';
import type { Tools } from '../tools.svelte.ts';
import { Finder } from './finder.ts';
import { stillFound } from './hits.ts';
import type { Hit } from './hits.ts';
import { MOST_MATCHES } from './search.ts';
import type { Wanted } from './search.ts';
import { rangeOf, textsOf } from './texts.ts';

/** After the document changed it is searched again, at most so often, ms. */
const AGAIN_MS = 150;

/** What a search says. */
export type SearchState =
  | { readonly state: 'empty' | 'searching' | 'slow' }
  | { readonly state: 'wrong'; readonly why: string }
  | { readonly state: 'found'; readonly current: number; readonly count: number; readonly more: boolean };

/**
 * A search in the document on the page: shows what it finds, goes from one to the next, and replaces. It follows what
 * is written meanwhile, by whomever.
 */
export class Searching {
  readonly #tools: Tools;
  readonly #finder = new Finder();
  #wanted: Wanted | null = null;
  #hits: readonly Hit[] = [];
  /** What was written since the document that is being searched. */
  #since = new Mapping();
  #again: ReturnType<typeof setTimeout> | undefined;
  /** The search that was begun last. */
  #looking: Promise<void> = Promise.resolve();
  /** Where the person was, as long as they have not gone to a match themselves. */
  #before: AnchoredSelection | null;
  #state = $state.raw<SearchState>({ state: 'empty' });

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#before = this.#here();
    tools.editor.on('transaction', this.#follow);
  }

  get state(): SearchState {
    return this.#state;
  }

  /** Looks for something, from the selection on. Resolves when it was looked for. */
  look(wanted: Wanted): Promise<void> {
    this.#looking = this.#look(wanted);
    return this.#looking;
  }

  async #look(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    clearTimeout(this.#again);
    if (wanted.text === '') {
      this.#show([], 0);
      this.#state = { state: 'empty' };
      return;
    }
    const { state } = this.#tools.editor;
    const texts = textsOf(state.doc);
    this.#since = new Mapping();
    if (this.#state.state !== 'found') this.#state = { state: 'searching' };
    const found = await this.#finder.find(texts.texts, wanted);
    if (found.state === 'late' || this.#wanted !== wanted) return;
    if (found.state !== 'found') {
      this.#show([], 0);
      this.#state = found.state === 'wrong' ? found : { state: 'slow' };
      return;
    }
    const all = found.matches.map((match) => ({ ...rangeOf(texts, match), replacement: match.replacement }));
    const hits = stillFound(all, this.#since.maps);
    const at = this.#tools.editor.state.selection.from;
    const next = hits.findIndex(({ from }) => from >= at);
    this.#show(hits, Math.max(0, next));
  }

  /** Goes to the next match, or the one before, round the end. */
  go(step: 1 | -1): void {
    if (this.#state.state !== 'found' || this.#hits.length === 0) return;
    const { length } = this.#hits;
    this.#before = null;
    this.#show(this.#hits, (this.#state.current + step + length) % length);
    this.reveal();
  }

  /** Replaces the current match, one step of undo, and goes to the next. */
  async replace(): Promise<void> {
    await this.#looked();
    if (this.#state.state !== 'found') return;
    const hit = this.#hits[this.#state.current];
    this.#before = null;
    if (hit) await this.#write([hit]);
    this.reveal();
  }

  /** Replaces all that is found, as one step of undo; tells how many. Who has not gone to one of them is where they were. */
  async replaceAll(): Promise<number> {
    await this.#looked();
    const { length } = this.#hits;
    await this.#write(this.#hits, this.#before);
    return length;
  }

  /** Shows nothing more. The selection stays at the last match that was gone to. */
  destroy(): void {
    clearTimeout(this.#again);
    const { editor, matches } = this.#tools;
    editor.off('transaction', this.#follow);
    this.#finder.destroy();
    if (!editor.isDestroyed) matches.show(editor.view, []);
  }

  /** Resolves when what is wanted now was looked for: what somebody just typed is in what is found. */
  async #looked(): Promise<void> {
    for (let looking; looking !== this.#looking;) {
      looking = this.#looking;
      await looking;
    }
  }

  async #write(hits: readonly Hit[], before: AnchoredSelection | null = null): Promise<void> {
    const { editor, bound } = this.#tools;
    if (!editor.isEditable || hits.length === 0 || !this.#wanted) return;
    const { tr } = editor.state;
    for (const { from, to, replacement } of hits.toReversed()) {
      if (replacement === '') tr.delete(from, to);
      else tr.insertText(replacement, from, to);
    }
    const [first] = hits;
    const end = first ? tr.mapping.map(first.to) : 0;
    tr.setSelection(TextSelection.near(tr.doc.resolve(end)));
    this.#tools.separate();
    editor.view.dispatch(tr);
    // At once: who closes the bar right behind types where they were.
    const binding = bound()?.binding;
    if (before && binding && !editor.isDestroyed)
      editor.view.dispatch(binding.select(editor.state.tr, before));
    this.#tools.separate();
    await this.look(this.#wanted);
  }

  /** Selects the current match and brings it into view, without taking the focus from where one types. */
  reveal(): void {
    if (this.#state.state !== 'found') return;
    const hit = this.#hits[this.#state.current];
    const { editor } = this.#tools;
    if (!hit) return;
    editor.view.dispatch(
      editor.state.tr.setSelection(TextSelection.create(editor.state.doc, hit.from, hit.to)),
    );
    const { node } = editor.view.domAtPos(hit.from);
    const element = node instanceof Element ? node : node.parentElement;
    element?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }

  #show(hits: readonly Hit[], current: number): void {
    this.#hits = hits;
    const { editor, matches } = this.#tools;
    matches.show(
      editor.view,
      hits.map(({ from, to }, index) => ({ from, to, class: index === current ? 'match current' : 'match' })),
    );
    this.#state = { state: 'found', current, count: hits.length, more: hits.length === MOST_MATCHES };
  }

  #here(): AnchoredSelection | null {
    const { editor, bound } = this.#tools;
    return bound()?.binding.anchor(editor.state.selection) ?? null;
  }

  #follow = ({ transaction }: EditorEvents['transaction']): void => {
    // Who presses in the text is there.
    if (transaction.selectionSet && this.#tools.editor.view.hasFocus()) this.#before = this.#here();
    if (!transaction.docChanged) return;
    this.#since.appendMapping(transaction.mapping);
    const { maps } = transaction.mapping;
    const hits = stillFound(this.#hits, maps);
    if (this.#state.state === 'found' && hits.length < this.#hits.length) {
      const before = stillFound(this.#hits.slice(0, this.#state.current), maps).length;
      const current = Math.max(0, Math.min(before, hits.length - 1));
      this.#state = { ...this.#state, current, count: hits.length };
    }
    this.#hits = hits;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.#wanted) void this.look(this.#wanted);
    }, AGAIN_MS);
  };
}
