import { Extension } from '@tiptap/core';
import { MOST_INSET, traitsOf } from '@sheaf/schema';
import type { ResolvedPos } from '@tiptap/pm/model';
import { liftListItem, sinkListItem } from '@tiptap/pm/schema-list';
import type { Command, EditorState } from '@tiptap/pm/state';
import { isTitle } from '../title.ts';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    indentation: {
      /** Puts what is selected one step further in or out: an item of a list within its list, other text by itself. */
      indent: (way: Way) => ReturnType;
    };
  }
}

/** Further in, or back out. */
export type Way = 'in' | 'out';

const ITEMS = ['listItem', 'taskItem'];

/** Whether a text in this parent, as its child with this index, has its place from that: in items, and beside a toggle. */
function isPlaced(parent: string, index: number): boolean {
  return ITEMS.includes(parent) || (parent === 'toggle' && index === 0);
}

/** The steps that the text with the caret is shown to stand in. */
function insetAt($pos: ResolvedPos): number {
  const placed = $pos.depth === 0 || isPlaced($pos.node(-1).type.name, $pos.index(-1));
  return placed ? 0 : traitsOf($pos.parent).inset;
}

/** Moves the items that are selected within their list. */
function indentItems(way: Way): Command {
  return (state, dispatch) =>
    ITEMS.some((name) => {
      const type = state.schema.nodes[name];
      return type !== undefined && (way === 'in' ? sinkListItem : liftListItem)(type)(state, dispatch);
    });
}

/** Gives each text that is selected, and has no other place, a step more or less. */
function indentTexts(way: Way): Command {
  return (state, dispatch) => {
    const { tr, doc, selection } = state;
    for (const { $from, $to } of selection.ranges)
      doc.nodesBetween($from.pos, $to.pos, (node, pos, parent, index) => {
        const isOfPage = pos === 0 && isTitle(node);
        if (isOfPage || !('inset' in node.attrs) || isPlaced(parent?.type.name ?? '', index)) return;
        const { inset } = traitsOf(node);
        const wanted = Math.max(0, Math.min(inset + (way === 'in' ? 1 : -1), MOST_INSET));
        if (wanted !== inset) tr.setNodeAttribute(pos, 'inset', wanted);
      });
    if (tr.docChanged) dispatch?.(tr);
    return tr.docChanged;
  };
}

function isInItem({ selection: { $from } }: EditorState): boolean {
  const holder = $from.parent.isTextblock ? $from.node(-1) : $from.parent;
  return ITEMS.includes(holder.type.name);
}

/** Puts what is selected one step further in or out. */
export function indent(way: Way): Command {
  return (state, dispatch) => (isInItem(state) ? indentItems : indentTexts)(way)(state, dispatch);
}

/** The command of indentation, and Backspace before a text that stands in; `say` tells who only hears how far. */
export function indentation(say: (steps: number) => void): Extension {
  return Extension.create({
    name: 'indentation',
    // Before Backspace joins a block with the one before it.
    priority: 300,

    addCommands: () => ({
      indent:
        (way) =>
        ({ state, tr, dispatch }) => {
          const before = insetAt(state.selection.$from);
          const done = indent(way)(state, dispatch);
          const after = done && dispatch ? insetAt(tr.selection.$from) : before;
          if (after !== before) say(after);
          return done;
        },
    }),

    addKeyboardShortcuts() {
      return {
        Backspace: ({ editor: { state, commands } }) => {
          const { $from, empty } = state.selection;
          return empty && $from.parentOffset === 0 && insetAt($from) > 0 && commands.indent('out');
        },
      };
    },
  });
}
