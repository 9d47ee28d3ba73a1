import type { DocumentSession } from '../sync/session.ts';
import type { Tools } from './tools.svelte.ts';

/** So long a place that is not there is waited for where the server says nothing, ms: the document may still be on its way. */
const WAIT_MS = 10_000;
/** All that the server has is on the page so long after it has come, ms. */
const SETTLED_MS = 500;
/** So long a place that an address led to stands out, ms. */
const SHOWN_MS = 2_500;

/** The anchor that the last part of an address names; null if it names none. */
function placeOf(hash: string): object | null {
  const found = /^#at=(?<client>\d{1,16})\.(?<clock>\d{1,16})$/.exec(hash)?.groups;
  return found
    ? {
        type: null,
        tname: null,
        item: { client: Number(found['client']), clock: Number(found['clock']) },
        assoc: -1,
      }
    : null;
}

/**
 * Shows the place that the page's address names, now and when the address changes: brings it into view and lets it
 * stand out for a moment. Returns what ends it. `ongone` is told where there is no such place: once all that the server has is
 * here, or when that was waited for in vain.
 */
export function showPlace(
  tools: Tools,
  { session, ongone }: { session: Pick<DocumentSession, 'facts' | 'onChange'>; ongone: () => void },
): () => void {
  const { editor, kept } = tools;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let shown: ReturnType<typeof setTimeout> | undefined;
  let unfollow = () => {};
  const stopWaiting = () => {
    unfollow();
    clearTimeout(waiting);
    waiting = undefined;
    editor.off('update', look);
  };
  const look = () => {
    const anchor = placeOf(location.hash);
    const position = anchor && (tools.bound()?.binding.resolve(anchor) ?? null);
    if (position === null) return;
    stopWaiting();
    const $place = editor.state.doc.resolve(position);
    // Behind an image, or what else is no text: it is that one.
    const thing = $place.parent.isTextblock ? null : $place.nodeBefore;
    const from = thing ? position - thing.nodeSize : $place.start();
    const element = thing ? editor.view.nodeDOM(from) : editor.view.domAtPos(position).node;
    const block = element instanceof Element ? element : element?.parentElement;
    block?.scrollIntoView({ block: 'center' });
    if (thing || $place.parent.isTextblock)
      kept.show(editor.view, [{ from, to: thing ? position : $place.end(), class: 'linked-place' }]);
    clearTimeout(shown);
    shown = setTimeout(() => {
      if (!editor.isDestroyed) kept.show(editor.view, []);
    }, SHOWN_MS);
  };
  const begin = () => {
    stopWaiting();
    if (placeOf(location.hash) === null) return;
    editor.on('update', look);
    const wait = (ms: number) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        stopWaiting();
        ongone();
      }, ms);
    };
    wait(WAIT_MS);
    const follow = () => {
      if (!session.facts.synced) return;
      unfollow();
      wait(SETTLED_MS);
    };
    unfollow = session.onChange(follow);
    follow();
    look();
  };
  begin();
  window.addEventListener('hashchange', begin);
  return () => {
    window.removeEventListener('hashchange', begin);
    stopWaiting();
    clearTimeout(shown);
  };
}
