import { Extension } from '@tiptap/core';
import { chainCommands } from '@tiptap/pm/commands';
import { Plugin } from '@tiptap/pm/state';
import type { Command } from '@tiptap/pm/state';
import type { EditorView, NodeViewConstructor } from '@tiptap/pm/view';
import { followRight } from '../right-to-write.ts';
import { CalloutView } from './callout-view.ts';
import type { ClosedToggles } from './closed-toggles.ts';
import type { ContainerWords } from './container-words.ts';
import { deleteBefore, enterToggle, leaveToggle } from './end-toggle.ts';
import { joinBack, joinForth } from './join-back.ts';
import { lostSummary } from './lost-summary.ts';
import { ToggleView } from './toggle-view.ts';
import type { ToggleAsk } from './toggle-view.ts';

interface ContainerOptions {
  /** Lets the person choose an icon for the callout with the caret. */
  readonly onicon: () => void;
  readonly closed: ClosedToggles;
  /** A name for the block at a position that it keeps, whatever is written; null if it has none. */
  readonly nameAt: (position: number) => string | null;
  readonly words: ContainerWords;
}

/** Callouts and toggles on a page. */
export function containers({ closed, nameAt, words, onicon }: ContainerOptions): Extension {
  return Extension.create({
    name: 'containers',
    // Before what else Backspace, Delete and Enter do, and Ctrl+Enter in a toggle.
    priority: 200,

    addKeyboardShortcuts() {
      const { editor } = this;
      const run = (command: Command) => command(editor.state, editor.view.dispatch, editor.view);
      const deleteForward = () => openAtEnd(editor.view) || run(chainCommands(deleteBefore, joinForth));
      const back = () => run(chainCommands(leaveToggle, joinBack));
      return {
        Backspace: back,
        'Shift-Backspace': back,
        'Mod-Backspace': back,
        Enter: () => run(enterToggle),
        Delete: deleteForward,
        'Mod-Delete': deleteForward,
        'Mod-Enter': () => ask(editor.view, 'toggle-other'),
      };
    },

    addProseMirrorPlugins: () => {
      const shown = new Set<CalloutView | ToggleView>();
      const onend = (ended: CalloutView | ToggleView) => void shown.delete(ended);
      const callout: NodeViewConstructor = (node, view, getPos) => {
        const made = new CalloutView(node, { view, getPos, words, onicon, onend });
        shown.add(made);
        return made;
      };
      const toggle: NodeViewConstructor = (node, view, getPos) => {
        const nameOf = () => {
          const pos = getPos();
          return pos === undefined ? null : nameAt(pos + 2);
        };
        const made = new ToggleView(node, { view, getPos, closed, words, nameOf, onend });
        shown.add(made);
        return made;
      };
      return [
        lostSummary(),
        new Plugin({
          props: {
            nodeViews: { callout, toggle },
          },
          view: (view) => {
            const allow = followRight(view, (editable) => {
              for (const one of shown) one.allow(editable);
            });
            const update = () => {
              // Nobody's caret stands where nothing is seen.
              ask(view, 'toggle-open');
              allow();
            };
            return { update };
          },
        }),
      ];
    },
  });
}

/** Asks the toggle around the selection; to open only where the selection would be hidden. False if there is none. */
function ask(view: EditorView, what: ToggleAsk): boolean {
  const { $from } = view.state.selection;
  for (let { depth } = $from; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name !== 'toggle') continue;
    if (what === 'toggle-open' && $from.index(depth) === 0) continue;
    view.nodeDOM($from.before(depth))?.dispatchEvent(new Event(what));
    if (what === 'toggle-other') return true;
  }
  return false;
}

/** Opens a closed toggle if the caret is where what it hides begins: nobody joins words that they do not see. Tells whether it did. */
function openAtEnd(view: EditorView): boolean {
  const { $from, empty } = view.state.selection;
  const isEnd = empty && $from.depth > 1 && $from.parentOffset === $from.parent.content.size;
  if (!isEnd || $from.node(-1).type.name !== 'toggle' || $from.index(-1) > 0) return false;
  const asked = new Event('toggle-open' satisfies ToggleAsk, { cancelable: true });
  view.nodeDOM($from.before(-1))?.dispatchEvent(asked);
  return asked.defaultPrevented;
}
