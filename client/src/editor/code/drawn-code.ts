import { Extension } from '@tiptap/core';
import { DIAGRAM_LANGUAGE, MATH_LANGUAGE } from '@sheaf/schema';
import { Plugin } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { NodeViewConstructor } from '@tiptap/pm/view';
import type { Words } from '../../words/en.ts';
import { DiagramBlock } from '../diagram/diagram-block.ts';
import type { MakePicture } from '../diagram/diagram-block.ts';
import { MathBlock } from '../math/math-block.ts';

/**
 * Code that is shown as what it means: formulas in TeX, and diagrams. The source is seen while the caret is in it, so that
 * everything which can be done with text can be done with it.
 */
export function drawnCode({ math, diagram }: Pick<Words, 'math' | 'diagram'>): Extension {
  let made: ReturnType<MakePicture> | null = null;
  const make: MakePicture = async () => {
    made ??= import('../diagram/picture.ts').then(({ pictures }) => pictures(diagram));
    const found = await made.catch(() => null);
    // Without a network it may not be there: the source is, and the next one asks again.
    if (!found) made = null;
    return found;
  };
  const views: Readonly<Record<string, NodeViewConstructor>> = {
    [MATH_LANGUAGE]: (node, view, getPos) => new MathBlock(node, { view, getPos, words: math }),
    [DIAGRAM_LANGUAGE]: (node, view, getPos) => new DiagramBlock(node, { view, getPos, make }),
  };
  return Extension.create({
    name: 'drawnCode',
    priority: 200,

    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          nodeViews: {
            // Other code is shown as the schema says, which is what ProseMirror does where it gets no view.
            codeBlock: ((node, ...around) =>
              views[String(node.attrs['language'])]?.(node, ...around)) as NodeViewConstructor,
          },
          decorations: (state) => openBlock(state, Object.keys(views)),
        },
      }),
    ],
  });
}

/** Marks the block that holds the selection. */
function openBlock(
  { doc, selection: { $from, $to } }: EditorState,
  languages: readonly string[],
): DecorationSet | null {
  const { type, attrs } = $from.parent;
  const drawn = type.name === 'codeBlock' && languages.includes(String(attrs['language']));
  if (!drawn || !$from.sameParent($to)) return null;
  return DecorationSet.create(doc, [Decoration.node($from.before(), $from.after(), { class: 'is-open' })]);
}
