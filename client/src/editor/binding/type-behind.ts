import { equalFlat } from 'lib0/object';
import * as Y from 'yjs';
import type { Typed } from './flow-edits.ts';
import type { FlowModel } from './flow-model.ts';
import type { Formatting } from './segment.ts';

/**
 * Inserts a text as `Y.Text.insert` does, to the same item, but from the unit before it: Yjs goes through the
 * whole text for the formatting that holds there, which the model knows. To be called in a Yjs transaction. False, and nothing is done,
 * at the very start and where the text has another formatting than what is before it, which is `here`.
 */
export function typeBehind(
  model: FlowModel,
  { at, text, formatting }: Typed,
  here = model.formattingBefore(at),
): boolean {
  const { flow } = model;
  const { doc } = flow;
  const before = model.unitBefore(at);
  if (!doc || !before || text === '' || !equalFlat(here, formatting)) return false;
  const { client, clock } = before.item.id;
  doc.transact((transaction) => {
    let left = Y.getItemCleanEnd(transaction, doc.store, Y.createID(client, clock + before.offset));
    let { right } = left;
    // What is deleted, and what says again what holds already, stays on the left.
    while (right !== null && (right.deleted || saysAgain(right, formatting))) {
      left = right;
      ({ right } = left);
    }
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID));
    const content = new Y.ContentString(text);
    new Y.Item(id, left, left.lastId, right, right && right.id, flow, null, content).integrate(
      transaction,
      0,
    );
  });
  return true;
}

function saysAgain({ content }: Y.Item, formatting: Formatting): boolean {
  if (!(content instanceof Y.ContentFormat)) return false;
  const [here, said]: unknown[] = [formatting[content.key] ?? null, content.value];
  return here === said || (isObject(here) && isObject(said) && equalFlat(here, said));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
