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
  readonly #manager: Y.UndoManager;

  constructor(flow: Y.Text, binding: FlowBinding, show: ShowSelection) {
    this.#manager = new Y.UndoManager(flow, {
      trackedOrigins: new Set([binding]),
      captureTimeout: ONE_STEP_MS,
    });
    this.#manager.on('stack-item-added', ({ stackItem }) => {
      const before = binding.selectionBefore;
      if (before && !stackItem.meta.has(SELECTION)) stackItem.meta.set(SELECTION, before);
    });
    tellRestored(binding, this.#manager, REPAIR);
    this.#manager.on('stack-item-popped', ({ stackItem }) => {
      // Only what was put there above is ever in there.
      const before = stackItem.meta.get(SELECTION) as AnchoredSelection | undefined;
      if (before) show(before);
    });
  }

  get canUndo(): boolean {
    return this.#manager.undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.#manager.redoStack.length > 0;
  }

  undo(): boolean {
    return this.#manager.undo() !== null;
  }

  redo(): boolean {
    return this.#manager.redo() !== null;
  }

  /** What comes next is a step of its own. */
  separate(): void {
    this.#manager.stopCapturing();
  }

  destroy(): void {
    this.#manager.destroy();
  }
}
