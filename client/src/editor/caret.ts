import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { inkOn, readPerson } from '../sync/presence.ts';

/** A name stays beside its caret for so long after its owner typed, ms. */
const NAME_MS = 1_000;

/** The carets on the page by the client id of their owner's page, each with the timer that hides its name. */
type Carets = Map<number, { element: HTMLElement; hide?: ReturnType<typeof setTimeout> }>;

/**
 * Shows where others are, and tells others where this person is. Everything that comes from a peer is checked
 * before it reaches the page: a broken position would otherwise stop the editor for everybody.
 */
export function remoteCarets(awareness: Awareness, doc: Y.Doc): Extension {
  return Extension.create({
    name: 'remoteCarets',
    priority: 999,
    addProseMirrorPlugins() {
      const carets: Carets = new Map();
      const person = (clientId: number) => readPerson(awareness.getStates().get(clientId)?.['user']);
      return [
        yCursorPlugin(awareness, {
          awarenessStateFilter: (own: number, other: number, state: unknown) =>
            own !== other && hasPosition(state),
          cursorBuilder: (_user: unknown, clientId: number) => {
            const element = document.createElement('span');
            element.className = 'caret';
            element.setAttribute('aria-hidden', 'true');
            element.addEventListener('pointerenter', () => placeName(element));
            carets.set(clientId, { element });
            paint(element, person(clientId));
            return element;
          },
          selectionBuilder: (_user: unknown, clientId: number) => ({
            class: 'remote-selection',
            style: `--c: ${person(clientId).color}`,
          }),
        }),
        new Plugin({ view: (view) => followTyping({ view, awareness, doc, carets }) }),
      ];
    },
  });
}

/** Keeps names and colours current, and shows a name while its owner types. */
function followTyping(on: { view: EditorView; awareness: Awareness; doc: Y.Doc; carets: Carets }) {
  const { view, awareness, doc, carets } = on;
  const repaint = ({ removed }: { removed: number[] }) => {
    for (const clientId of removed) carets.delete(clientId);
    for (const [clientId, { element }] of carets)
      paint(element, readPerson(awareness.getStates().get(clientId)?.['user']));
  };
  const typed = (transaction: Y.Transaction) => {
    if (transaction.local) return;
    for (const [clientId, caret] of carets) {
      const before = transaction.beforeState.get(clientId) ?? 0;
      if ((transaction.afterState.get(clientId) ?? 0) <= before) continue;
      clearTimeout(caret.hide);
      caret.hide = setTimeout(() => caret.element.classList.remove('typing'), NAME_MS);
      // The caret moves with the presence message that follows; its place is right by the next frame.
      requestAnimationFrame(() => {
        placeName(caret.element);
        caret.element.classList.add('typing');
      });
    }
  };
  awareness.on('change', repaint);
  doc.on('afterTransaction', typed);
  return {
    update: () => {
      for (const { element } of carets.values()) if (element.classList.contains('typing')) placeName(element);
    },
    destroy: () => {
      awareness.off('change', repaint);
      doc.off('afterTransaction', typed);
      for (const { hide } of carets.values()) clearTimeout(hide);
      void view;
    },
  };
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

/** Whether a peer's state holds two positions of the shape that Yjs writes, within the document's content. */
function hasPosition(state: unknown): boolean {
  const cursor = field(state, 'cursor');
  return isPosition(field(cursor, 'anchor')) && isPosition(field(cursor, 'head'));
}

function isPosition(position: unknown): boolean {
  const item = field(position, 'item');
  const type = field(position, 'type');
  const root = field(position, 'tname');
  const assoc = field(position, 'assoc');
  const known = (id: unknown) =>
    id === null || id === undefined || (isClock(field(id, 'client')) && isClock(field(id, 'clock')));
  return (
    typeof position === 'object' &&
    position !== null &&
    known(item) &&
    known(type) &&
    (root === null || root === undefined || root === 'default') &&
    (assoc === undefined || assoc === null || typeof assoc === 'number') &&
    [item, type, root].some((value) => value !== null && value !== undefined)
  );
}

function isClock(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
