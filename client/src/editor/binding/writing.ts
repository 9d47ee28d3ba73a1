import {
  frameChanges,
  isMedia,
  kindChanges,
  mediaChanges,
  OpenFrames,
  PLAIN,
  readTextKind,
  readTraits,
  textKindOf,
  traitChanges,
  traitsOf,
  beginsItem,
} from '@sheaf/schema';
import type { Frame, PlacedBlock } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { setAttributes } from './attributes.ts';
import { FlowEdits } from './flow-edits.ts';
import type { FlowModel } from './flow-model.ts';
import { Moves } from './moving.ts';
import type { FlowEntry } from './segment.ts';
import { typeBehind } from './type-behind.ts';

/** What is known of an element: what its frame said so far. */
export interface KeptElement {
  readonly element: Y.XmlElement | null;
  readonly frame: Frame;
}

/** One local change as it is being written: told piece by piece, then made. */
export class Writing {
  readonly model: FlowModel;
  readonly edits = new FlowEdits();
  readonly moves: Moves;
  readonly #later: (() => void)[] = [];
  #ids = 0;

  constructor(model: FlowModel) {
    this.model = model;
    this.moves = new Moves(model);
  }

  /** What is done when all elements are where they should be: their attributes. */
  later(run: () => void): void {
    this.#later.push(run);
  }

  /** A name that nothing else in the document has: its parts are this page's, and the number of what it wrote. */
  newId(): string {
    const { doc } = this.model.flow;
    if (!doc) throw new Error('The flow is in no document.');
    const clock = Y.getState(doc.store, doc.clientID) + this.#ids;
    this.#ids += 1;
    return `${doc.clientID.toString(36)}.${clock.toString(36)}`;
  }

  /** To be called once, in a Yjs transaction. */
  finish(): void {
    const { typed } = this.edits;
    if (!typed || !typeBehind(this.model, typed)) this.edits.apply(this.model.flow);
    for (const run of this.#later) run();
    this.moves.tell();
  }
}

/** The element of a block or table. */
export function keptElement(entry: FlowEntry): KeptElement {
  return entry.type === 'table'
    ? { element: entry.part.at.element, frame: entry.frame }
    : { element: entry.at.element, frame: entry.frame };
}

/** Sets what differs between what the elements' attributes come to and what the page shows. */
export function writeAttributes(
  after: readonly PlacedBlock[],
  { notes }: { readonly notes: boolean },
  elementOf: (index: number) => { known: KeptElement | undefined; kind: boolean },
): void {
  const frames = new OpenFrames({ notes });
  after.forEach(({ frame, node }, index) => {
    const { known, kind } = elementOf(index);
    const effective = frames.effective(known?.frame ?? PLAIN, beginsItem(node));
    if (known?.element) {
      setAttributes(known.element, frameChanges(effective, frame));
      if (kind) writeOwn(known.element, node);
      frames.enter(frame);
    } else frames.enter(effective);
  });
}

/** Sets what a block is and has by itself. */
function writeOwn(element: Y.XmlElement, node: Node): void {
  const stored = element.getAttributes();
  const wanted = textKindOf(node);
  if (wanted) setAttributes(element, kindChanges(readTextKind(stored), wanted));
  const { name } = node.type;
  if (isMedia(name)) setAttributes(element, mediaChanges(name, stored, node));
  setAttributes(element, traitChanges(readTraits(node.type.name, stored), traitsOf(node)));
}
