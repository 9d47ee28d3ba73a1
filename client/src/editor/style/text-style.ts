import { Extension } from '@tiptap/core';
import type { Editor } from '@tiptap/core';
import { STYLE_MARKS, traitsOf } from '@sheaf/schema';
import type { Alignment, Color } from '@sheaf/schema';
import { NodeSelection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    textStyle: {
      /** Puts text below or above the line, or back on it. */
      toggleScript: (position: 'sub' | 'super') => ReturnType;
      /** Highlights text in this colour, or no more if it is highlighted in any. */
      toggleHighlight: (color: Color) => ReturnType;
      /** Gives text, or what is behind it, this colour; null: none. */
      setColor: (mark: 'color' | 'highlight', color: Color | null) => ReturnType;
      /** Sets how the lines of paragraphs and headings stand; null: at the start. */
      setAlignment: (align: Alignment | null) => ReturnType;
      /** Takes off what text looks like, how its lines stand, and its indentation. Links and suggestions stay. */
      clearFormatting: () => ReturnType;
    };
  }
}

/** Takes back what indentation did to each text that the selection touches. */
function putBack(tr: Transaction): void {
  for (const { $from, $to } of tr.selection.ranges)
    tr.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (traitsOf(node).inset > 0) tr.setNodeAttribute(pos, 'inset', 0);
    });
}

/** Sets how the lines stand of each block that the selection touches and that can stand so. */
function align(tr: Transaction, value: Alignment | null): boolean {
  let changed = false;
  for (const { $from, $to } of tr.selection.ranges)
    tr.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (!('align' in node.attrs) || traitsOf(node).align === value) return;
      tr.setNodeAttribute(pos, 'align', value);
      changed = true;
    });
  return changed;
}

function clear(state: EditorState, tr: Transaction): void {
  for (const name of STYLE_MARKS) {
    const type = state.schema.marks[name];
    if (!type) continue;
    for (const { $from, $to } of tr.selection.ranges) tr.removeMark($from.pos, $to.pos, type);
  }
  align(tr, null);
  putBack(tr);
  if (tr.selection.empty) {
    const styles: readonly string[] = STYLE_MARKS;
    const here = state.storedMarks ?? tr.selection.$from.marks();
    tr.setStoredMarks(here.filter(({ type }) => !styles.includes(type.name)));
  }
}

/** How the lines of the block with the caret stand; null: at the start. */
export function alignmentAt({ state }: Editor): Alignment | null {
  const { selection } = state;
  return traitsOf(selection instanceof NodeSelection ? selection.node : selection.$from.parent).align;
}

/** The colour of the text at the caret, or behind it; null if it has none. */
export function colorAt(editor: Editor, mark: 'color' | 'highlight'): unknown {
  return editor.getAttributes(mark)['color'] ?? null;
}

/** The commands and keys of colours, script and alignment. */
export const TextStyle = Extension.create({
  name: 'textStyle',

  addCommands() {
    return {
      toggleScript:
        (position) =>
        ({ commands }) =>
          commands.toggleMark('script', { position }),
      toggleHighlight:
        (color) =>
        ({ commands }) =>
          commands.toggleMark('highlight', { color }),
      setColor:
        (mark, color) =>
        ({ commands }) =>
          color === null ? commands.unsetMark(mark) : commands.setMark(mark, { color }),
      setAlignment:
        (value) =>
        ({ tr, dispatch }) => {
          if (dispatch) align(tr, value);
          return true;
        },
      clearFormatting:
        () =>
        ({ state, tr, dispatch }) => {
          if (dispatch) clear(state, tr);
          return true;
        },
    };
  },

  addKeyboardShortcuts() {
    return {
      'Mod-,': () => this.editor.commands.toggleScript('sub'),
      'Mod-.': () => this.editor.commands.toggleScript('super'),
      'Mod-Shift-h': () => this.editor.commands.toggleHighlight('yellow'),
      'Mod-Shift-l': () => this.editor.commands.setAlignment(null),
      'Mod-Shift-e': () => this.editor.commands.setAlignment('center'),
      'Mod-Shift-r': () => this.editor.commands.setAlignment('end'),
      'Mod-Shift-j': () => this.editor.commands.setAlignment('justify'),
      'Mod-\\': () => this.editor.commands.clearFormatting(),
    };
  },
});
