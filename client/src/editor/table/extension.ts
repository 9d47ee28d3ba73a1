import { Extension } from '@tiptap/core';
import { Plugin, Selection } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import type { Node, Slice } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import { CellSelection, columnResizing, handlePaste, tableEditing, TableView } from '@tiptap/pm/tables';
import { NARROWEST_COLUMN, traitsOf } from '@sheaf/schema';
import { USUAL_COLUMN } from './column-width.ts';
import { PASTED } from '../paste/line-behind.ts';
import { followRight } from '../right-to-write.ts';
import { insertTable } from './insert-table.ts';
import { tabBack, tabForward } from './tab.ts';
import { moveInMirroredTable } from './mirrored-keys.ts';
import { readTsv } from './tsv.ts';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    tables: {
      /** Puts a new table where the selection is. */
      insertTable: () => ReturnType;
    };
  }
}

/** Who writes scrolls a wide table by moving the caret in it; who only reads has to get to its box. */
function reach(box: HTMLElement, { editable }: EditorView): void {
  if (editable) box.removeAttribute('tabindex');
  else box.tabIndex = 0;
}

/** Boxes that are there when the right to write comes or goes, also with the plugins. */
const reachable = new Plugin({
  view: (view) => ({
    update: followRight(view, () => {
      for (const box of view.dom.querySelectorAll<HTMLElement>('.tableWrapper')) reach(box, view);
    }),
  }),
});

/** A table in its box, which also shows that something is suggested of it, as the schema's own element does. */
class SuggestedTable extends TableView {
  constructor(node: Node, view: EditorView) {
    super(node, USUAL_COLUMN);
    reach(this.dom, view);
    this.#tell(node);
  }

  override update(node: Node): boolean {
    const same = super.update(node);
    if (same) this.#tell(node);
    return same;
  }

  #tell(node: Node): void {
    const { suggestions } = traitsOf(node);
    if (suggestions.length > 0) this.table.dataset['suggestions'] = JSON.stringify(suggestions);
    else delete this.table.dataset['suggestions'];
  }
}

/** The cells of a spreadsheet that a clipboard holds as text; into a table they go cell by cell, as if it had held a table. */
function cellsOf({ state }: EditorView, { clipboardData }: ClipboardEvent): Slice | null {
  if (!clipboardData || clipboardData.types.includes('text/html')) return null;
  if (state.selection.$from.parent.type.spec.code === true) return null;
  return readTsv(state.schema, clipboardData.getData('text/plain'));
}

/** Behind cells that were pasted one types on: while they are selected the next letter would empty them. */
function caretBehind({ state, dispatch }: EditorView): void {
  const { doc, selection, tr } = state;
  if (!(selection instanceof CellSelection)) return;
  const end = selection.$headCell.pos + (selection.$headCell.nodeAfter?.nodeSize ?? 0);
  dispatch(tr.setSelection(Selection.near(doc.resolve(end - 1), -1)).scrollIntoView());
}

/**
 * What tables need on a page: selections of cells, copying and pasting them, widths by the mouse, and keys. Nothing
 * here writes by itself, for every document that the binding shows has whole tables.
 */
export const Tables = Extension.create({
  name: 'tables',
  // Lists take Tab first, where they can.
  priority: 50,

  addCommands: () => ({
    insertTable:
      () =>
      ({ state, dispatch }) =>
        insertTable(state, dispatch),
  }),

  addKeyboardShortcuts() {
    const run = (command: Command) => () => command(this.editor.state, this.editor.view.dispatch);
    return { Tab: run(tabForward), 'Shift-Tab': run(tabBack), 'Mod-Alt-t': run(insertTable) };
  },

  addProseMirrorPlugins() {
    return [
      // Of its own it would make another view with each state, and all of a document would be drawn anew.
      columnResizing({ View: null, cellMinWidth: NARROWEST_COLUMN, defaultCellMinWidth: USUAL_COLUMN }),
      new Plugin({
        props: {
          nodeViews: { table: (node, view) => new SuggestedTable(node, view) },
          handleKeyDown: moveInMirroredTable,
          handlePaste: (view, event, slice) => {
            const cells = cellsOf(view, event);
            if (handlePaste(view, event, cells ?? slice)) caretBehind(view);
            else if (cells)
              view.dispatch(view.state.tr.replaceSelection(cells).setMeta(PASTED, true).scrollIntoView());
            else return false;
            return true;
          },
        },
      }),
      tableEditing(),
      reachable,
    ];
  },
});
