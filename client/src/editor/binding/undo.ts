import * as Y from 'yjs';
import { REPAIR } from './flow-binding.ts';
import type { AnchoredSelection, FlowBinding } from './flow-binding.ts';
import { tellRestored } from './restored.ts';

/** Changes closer together than this are taken back as one, ms. */
const ONE_STEP_MS = 500;
/** The key of the selection in an undo step. */
const SELECTION = 'selection';

/** What undo does to the page after it changed the document. */
export type ShowSelection = (selection: AnchoredSelection) => void;

/** Takes back, and makes again, what this page wrote and nothing that others did. */
export class OwnUndo {
  /** Whether the person has gone elsewhere since the last change, also one of undo; told by whoever sees that. */
  moved = false;
  readonly #manager: Y.UndoManager;
  readonly #binding: FlowBinding;
  /** The selection before what is being taken back or made again. */
  #before: AnchoredSelection | null = null;
  /** The step that takes back what was done last. */
  #added: Y.UndoManager['undoStack'][number] | null = null;

  constructor(flow: Y.Text, binding: FlowBinding, show: ShowSelection) {
    this.#manager = new Y.UndoManager(flow, {
      trackedOrigins: new Set([binding]),
      captureTimeout: ONE_STEP_MS,
    });
    this.#binding = binding;
    this.#manager.on('stack-item-added', ({ stackItem }) => {
      const before = binding.selectionBefore ?? this.#before;
      if (before && !stackItem.meta.has(SELECTION)) stackItem.meta.set(SELECTION, before);
      this.#added = stackItem;
    });
    tellRestored(binding, this.#manager, REPAIR);
    this.#manager.on('stack-item-popped', ({ stackItem }) => {
      // Only what was put there above is ever in there.
      const before = stackItem.meta.get(SELECTION) as AnchoredSelection | undefined;
      if (!before) return;
      // Who has gone elsewhere meanwhile is led back to the change by what comes next, too.
      if (this.moved) this.#added?.meta.set(SELECTION, before);
      show(before);
    });
  }

  get canUndo(): boolean {
    return this.#manager.undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.#manager.redoStack.length > 0;
  }

  undo(): boolean {
    return this.#step(() => this.#manager.undo());
  }

  redo(): boolean {
    return this.#step(() => this.#manager.redo());
  }

  /** What comes next is a step of its own. */
  separate(): void {
    this.#manager.stopCapturing();
  }

  destroy(): void {
    this.#manager.destroy();
  }

  /** Who takes this back again is then where they are now. */
  #step(run: () => unknown): boolean {
    this.#before = this.#binding.selection;
    try {
      return run() !== null;
    } finally {
      this.#before = null;
      this.moved = false;
    }
  }
}
