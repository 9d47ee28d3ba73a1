import type * as Y from 'yjs';
import { setAttributes } from './attributes.ts';
import { livingItems } from './brought-back.ts';
import { FlowEdits } from './flow-edits.ts';
import { MOVED, writeMoved } from './moved.ts';
import type { Stretch } from './moved.ts';
import type { Outranked } from './outranked.ts';
import { refOf } from './ref.ts';
import { beginOf, endOf } from './segment.ts';
import type { FlowBlock, FlowTablePart } from './segment.ts';

/** What is deleted behind a person's change (SPEC FLOW-21, FLOW-22). */
export interface Dropped {
  readonly copies: readonly Outranked[];
  /** Text that was not shown, and of which nobody else has anything now. */
  readonly units: readonly Stretch[];
  /** The flow's index before an item. */
  readonly indexOf: (item: Y.Item) => number;
}

/** Deletes what others have; what stays of a copy that does not count is a block of its own. To be called in a Yjs transaction. */
export function dropCopies(flow: Y.Text, { copies, units, indexOf }: Dropped): void {
  const edits = new FlowEdits();
  for (const { part, hidden, known, another } of copies) {
    const text = part.at.segment.start + part.at.textAt;
    for (const one of hidden) edits.delete(beginOf(one), endOf(one));
    for (const [from, to] of known) edits.delete(text + from, text + to);
    if (hidden.length === 0 && another) nameAnew(part);
  }
  for (const stretch of units)
    for (const { item, from, to } of livingItems(flow, stretch)) {
      const index = indexOf(item);
      edits.delete(index + from, index + to);
    }
  edits.apply(flow);
}

/** Gives what stays of a copy a name of its own; what its units were first is told on, for others may have them as well. */
function nameAnew({ at: { element, moved } }: FlowBlock | FlowTablePart): void {
  const item = element?._item;
  const told = item && moved && writeMoved({ ...moved, block: refOf(item.id) });
  if (element && told) setAttributes(element, new Map([[MOVED, told]]));
}
