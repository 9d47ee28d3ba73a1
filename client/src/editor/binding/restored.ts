import { BLOCK_END, CELL, COLUMN, ROW, TABLE } from '@sheaf/schema';
import * as Y from 'yjs';
import { FirstUnits, MOVED, pairUp, readMoved, unitsIn, writeMoved } from './moved.ts';
import type { Copied } from './moved.ts';
import { refOf } from './ref.ts';
import { setAttributes } from './attributes.ts';

/** What is told apart by names of its own. */
const OF_TABLES = new Set([TABLE, ROW, COLUMN, CELL]);

/**
 * Undo writes what it brings back anew. Blocks that it brings back tell which ones they were (SPEC FLOW-21), so that
 * they are not there twice when others moved or brought them back meanwhile.
 */
export function tellRestored(flow: Y.Text, manager: Y.UndoManager, origin: object): void {
  manager.on('stack-item-popped', ({ stackItem }) => {
    flow.doc?.transact((transaction) => {
      const elements: { element: Y.XmlElement; was: Y.ID }[] = [];
      const again: Copied[] = [];
      Y.iterateDeletedStructs(transaction, stackItem.deletions, (struct) => {
        if (!(struct instanceof Y.Item) || struct.redone === null) return;
        if (struct.parent !== flow || struct.parentSub !== null) return;
        const { id, length, redone } = struct;
        again.push({ from: { ...redone, length }, first: { ...id, length } });
        const made: unknown = Y.getItem(transaction.doc.store, redone);
        if (!(made instanceof Y.Item) || made.deleted || !(made.content instanceof Y.ContentType)) return;
        const element = made.content.type;
        if (element instanceof Y.XmlElement && !OF_TABLES.has(element.nodeName))
          elements.push({ element, was: id });
      });
      const first = new FirstUnits(again);
      for (const { element, was } of elements) tell(element, was, first);
    }, origin);
  });
}

function tell(element: Y.XmlElement, was: Y.ID, again: FirstUnits): void {
  const before = readMoved(element.getAttribute(MOVED));
  const units = unitsIn(element, BLOCK_END);
  const former = new FirstUnits(before?.copied ?? []);
  const first = units.flatMap((stretch) => again.of(stretch)).flatMap((stretch) => former.of(stretch));
  const copied = (pairUp(units, first) ?? []).filter(
    ({ from, first: { client, clock } }) => from.client !== client || from.clock !== clock,
  );
  const moved = writeMoved({ block: before?.block ?? refOf(was), times: before?.times ?? 0, copied });
  if (moved !== null) setAttributes(element, new Map([[MOVED, moved]]));
}
