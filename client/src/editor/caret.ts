import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState, Selection } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { inkOn, readPerson } from '../sync/presence.ts';
import { isFromYjs } from './binding/extension.ts';
import type { AnchoredSelection, FlowBinding } from './binding/flow-binding.ts';

/** A name stays beside its caret for so long after its owner typed, ms. */
const NAME_MS = 1_000;
/** The awareness field in which a page tells where its person is. */
const CURSOR = 'cursor';

/** The carets on the page by the client id of their owner's page, each with the timer that hides its name. */
type Carets = Map<number, { element: HTMLElement; hide?: ReturnType<typeof setTimeout> }>;

interface Presence {
  readonly awareness: Awareness;
  readonly doc: Y.Doc;
  readonly binding: () => FlowBinding | null;
}

const key = new PluginKey<DecorationSet>('remoteCarets');
/** Set on a transaction after which carets may stand elsewhere. */
const MOVED = 'caretsMoved';

/**
 * Shows where others are, and tells others where this person is. What comes from a peer is resolved within this
 * document or not shown: whatever it says, it harms nobody.
 */
export function remoteCarets(presence: Presence): Extension {
  return Extension.create({
    name: 'remoteCarets',
    priority: 999,
    addProseMirrorPlugins() {
      const carets: Carets = new Map();
      const decorations = (state: EditorState) => decorate(presence, state, carets);
      return [
        new Plugin<DecorationSet>({
          key,
          state: {
            init: (_config, state) => decorations(state),
            apply: (transaction, shown, _before, state) => {
              if (transaction.getMeta(MOVED) === true || isFromYjs(transaction)) return decorations(state);
              return transaction.docChanged ? shown.map(transaction.mapping, transaction.doc) : shown;
            },
          },
          props: { decorations: (state) => key.getState(state) },
          view: (view) => tellAndFollow({ ...presence, view, carets }),
        }),
      ];
    },
  });
}

/** Carets and selections of others, as far as their positions are of this document. */
function decorate({ awareness, binding }: Presence, state: EditorState, carets: Carets): DecorationSet {
  const found: Decoration[] = [];
  const flow = binding();
  for (const [clientId, peer] of awareness.getStates()) {
    if (clientId === awareness.clientID || !flow) continue;
    const cursor: unknown = peer[CURSOR];
    if (typeof cursor !== 'object' || cursor === null) continue;
    const anchor = flow.resolve(Reflect.get(cursor, 'anchor'));
    const head = flow.resolve(Reflect.get(cursor, 'head'));
    const { size } = state.doc.content;
    if (anchor === null || head === null || anchor > size || head > size) continue;
    const widget = { key: `caret ${clientId}`, side: -1, ignoreSelection: true };
    found.push(Decoration.widget(head, () => caretOf(clientId, awareness, carets), widget));
    if (anchor === head) continue;
    const { color } = readPerson(peer['user']);
    const selection = { class: 'remote-selection', style: `--c: ${color}` };
    found.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), selection));
  }
  return DecorationSet.create(state.doc, found);
}

function caretOf(clientId: number, awareness: Awareness, carets: Carets): HTMLElement {
  const element = document.createElement('span');
  element.className = 'caret';
  element.setAttribute('aria-hidden', 'true');
  element.addEventListener('pointerenter', () => placeName(element));
  const known = carets.get(clientId);
  if (known?.element.classList.contains('typing') === true) element.classList.add('typing');
  if (known) known.element = element;
  else carets.set(clientId, { element });
  paint(element, readPerson(awareness.getStates().get(clientId)?.['user']));
  return element;
}

/** Tells where this person is, keeps the others' carets current, and shows a name while its owner types. */
function tellAndFollow(on: Presence & { view: EditorView; carets: Carets }) {
  const { view, awareness, doc, binding, carets } = on;
  // Many messages may come in one turn.
  const moveSoon = onceATurn(() => {
    if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(MOVED, true).setMeta('addToHistory', false));
  });
  const changed = ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>) => {
    for (const clientId of removed) {
      clearTimeout(carets.get(clientId)?.hide);
      carets.delete(clientId);
    }
    for (const [clientId, { element }] of carets)
      paint(element, readPerson(awareness.getStates().get(clientId)?.['user']));
    const others = [...added, ...updated, ...removed].some((clientId) => clientId !== awareness.clientID);
    if (others) moveSoon();
  };
  const typed = (transaction: Y.Transaction) => {
    if (!transaction.local) showTyping(transaction, carets);
  };
  const tell = () => {
    const flow = binding();
    const told: unknown = awareness.getLocalState()?.[CURSOR];
    if (!flow || view.state.doc !== flow.document) return;
    const here = view.hasFocus() ? placeToTell(flow, view.state.selection) : null;
    if (JSON.stringify(here) !== JSON.stringify(told ?? null)) awareness.setLocalStateField(CURSOR, here);
  };
  // Never in the middle of something: the focus comes and goes while parts of the page are put up and taken away.
  const tellSoon = onceATurn(() => {
    if (!view.isDestroyed) tell();
  });
  // Once a frame: the answer to where a caret stands has the page laid out.
  const placeSoon = once(requestAnimationFrame, () => {
    for (const { element } of carets.values()) if (element.classList.contains('typing')) placeName(element);
  });
  awareness.on('change', changed);
  doc.on('afterTransaction', typed);
  view.dom.addEventListener('focusin', tellSoon);
  view.dom.addEventListener('focusout', tellSoon);
  return {
    update: () => {
      tellSoon();
      if (carets.size > 0) placeSoon();
    },
    destroy: () => {
      awareness.off('change', changed);
      doc.off('afterTransaction', typed);
      view.dom.removeEventListener('focusin', tellSoon);
      view.dom.removeEventListener('focusout', tellSoon);
      if (awareness.getLocalState()?.[CURSOR]) awareness.setLocalStateField(CURSOR, null);
      for (const { hide } of carets.values()) clearTimeout(hide);
    },
  };
}

/**
 * A caret holds on to what is behind it, which stays the same while its owner types: so nothing is told for each letter,
 * and for others the caret moves with the letter. A selection stays as it is, since what is typed takes its place.
 */
function placeToTell(flow: FlowBinding, selection: Selection): AnchoredSelection {
  const { anchor, head } = flow.anchor(selection, selection.empty ? 'after' : 'before');
  return { anchor, head };
}

/** Calls `run` at the end of a turn in which the function that it gives was called. */
function onceATurn(run: () => void): () => void {
  return once(queueMicrotask, run);
}

/** Has `later` call `run` once for all calls of the function that it gives until then. */
function once(later: (call: () => void) => unknown, run: () => void): () => void {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    later(() => {
      waits = false;
      run();
    });
  };
}

function showTyping(transaction: Y.Transaction, carets: Carets): void {
  for (const [clientId, caret] of carets) {
    const before = transaction.beforeState.get(clientId) ?? 0;
    if ((transaction.afterState.get(clientId) ?? 0) <= before) continue;
    clearTimeout(caret.hide);
    caret.hide = setTimeout(() => caret.element.classList.remove('typing'), NAME_MS);
    // The caret is drawn with what its owner typed, which this transaction shows; its place can be asked for in the next frame.
    requestAnimationFrame(() => {
      placeName(caret.element);
      caret.element.classList.add('typing');
    });
  }
}

function paint(element: HTMLElement, { name, color }: { name: string; color: string }): void {
  element.style.setProperty('--c', color);
  element.style.setProperty('--on-c', inkOn(color));
  element.dataset['name'] = name;
}

/**
 * A name never covers text: at the end of a paragraph it stands right beside the caret, within one it stands in
 * the margin at the same height, and where the margin has no room (phones) it is not shown.
 */
function placeName(element: HTMLElement): void {
  const block = element.closest('p, h1, h2, h3, pre, li');
  const column = element.closest('.prose');
  if (!block || !column) return;
  const rightToLeft = getComputedStyle(column).direction === 'rtl';
  const rest = document.createRange();
  rest.selectNodeContents(block);
  rest.setStartAfter(element);
  const atEnd = rest.toString() === '';
  const here = element.getBoundingClientRect();
  const edge = column.getBoundingClientRect();
  const toEdge = rightToLeft ? here.left - edge.left : edge.right - here.left;
  const shift = atEnd ? 7 : Math.round(toEdge) + 8;
  const width = 12 + (element.dataset['name'] ?? '').length * 7;
  const room = rightToLeft ? here.left : document.documentElement.clientWidth - here.left;
  element.style.setProperty('--shift', `${shift}px`);
  element.classList.toggle('cramped', shift + width > room);
}
