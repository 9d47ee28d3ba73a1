import { Extension, InputRule } from '@tiptap/core';
import { atomOf } from '@sheaf/schema';
import { NodeSelection, Plugin, Selection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { GapCursor } from '@tiptap/pm/gapcursor';
import { isFromYjs } from '../binding/extension.ts';
import { atEdge, keptWithin } from './edges.ts';
import { footnotePlugin, footnotesOf } from './footnotes.ts';
import { LazyTools } from './lazy-tools.ts';
import { newFootnote } from './new-footnote.ts';
import { NoteView, openReference, ReferenceView } from './views.ts';
import type { FootnoteWords, Numbered } from './views.ts';

/** Footnotes on a page: their numbers, the ways between a reference and its note, and what of them is copied and pasted. */
export function footnotes(words: FootnoteWords): Extension {
  const tools = new LazyTools();
  return Extension.create({
    name: 'footnotes',
    // Before what else Backspace, Delete and Enter do.
    priority: 300,

    addInputRules: () => [
      new InputRule({
        find: /\[\^\d{0,3}\]$/,
        // Tiptap's state collects what commands do in one transaction.
        handler: ({ state, range }) => (newFootnote(range)(state, () => undefined) ? undefined : null),
      }),
    ],

    addKeyboardShortcuts() {
      const edge = (direction: 'back' | 'forward') => () =>
        atEdge(direction, tools.now?.deleteNote ?? null)(this.editor.state, this.editor.view.dispatch);
      return { Backspace: edge('back'), Delete: edge('forward') };
    },

    addProseMirrorPlugins() {
      const all = new Set<Numbered>();
      return [
        footnotePlugin((transactions, _before, state) =>
          transactions.some((tr) => tr.docChanged && !isFromYjs(tr))
            ? (tools.now?.withCarried(state) ?? null)
            : null,
        ),
        new Plugin({
          appendTransaction: (_transactions, before, state) => keptWithin(state) ?? withoutGap(before, state),
          props: {
            nodeViews: {
              footnote: (node, view) => new NoteView(node, { view, words, all, tools }),
              footnoteReference: (node, view) => new ReferenceView(node, { view, words, all, tools }),
            },
            transformCopied: (slice, view) => tools.now?.copied(slice, view) ?? slice,
            transformPasted: (slice, view) => tools.now?.pasted(slice, view) ?? slice,
            handleDOMEvents: {
              focus: () => void tools.load(),
              pointerover: () => void tools.load(),
            },
            handleKeyDown: (view, { key }) => {
              const { selection } = view.state;
              const atom = selection instanceof NodeSelection ? atomOf(selection.node) : null;
              return key === 'Enter' && atom?.type === 'footnote' && openReference(view, atom.note, tools);
            },
          },
          view: ({ state }) => {
            let { numbers } = footnotesOf(state);
            return {
              update: (view) => {
                const now = footnotesOf(view.state).numbers;
                if (now === numbers) return;
                numbers = now;
                for (const one of all) one.show(numbers);
              },
            };
          },
        }),
      ];
    },
  });
}

/** Between two notes, and behind the last, no caret stands that would put a paragraph there. */
function withoutGap(before: EditorState, { selection, doc, tr }: EditorState): Transaction | null {
  if (!(selection instanceof GapCursor)) return null;
  const { nodeBefore, nodeAfter, pos } = selection.$head;
  if (nodeBefore?.type.name !== 'footnote' && nodeAfter?.type.name !== 'footnote') return null;
  const direction = pos < before.selection.head || nodeAfter === null ? -1 : 1;
  return tr.setSelection(Selection.near(doc.resolve(pos), direction));
}
