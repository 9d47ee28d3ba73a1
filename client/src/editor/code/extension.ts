import { Extension } from '@tiptap/core';
import { DIAGRAM_LANGUAGE, MATH_LANGUAGE } from '@sheaf/schema';
import { Plugin } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView, NodeViewConstructor } from '@tiptap/pm/view';
import type { Words } from '../../words/en.ts';
import { DiagramBlock } from '../diagram/diagram-block.ts';
import type { MakePicture } from '../diagram/diagram-block.ts';
import { MathBlock } from '../math/math-block.ts';
import { drawn } from '../when-drawn.ts';
import { CodeBlock } from './code-block.ts';
import type { CodeAround, CodeTools } from './code-tools.ts';

/** The key that leads from code to its head. */
const TO_HEAD = 'Alt-Enter';

interface CodeOptions extends Omit<CodeAround, 'words'> {
  readonly words: Pick<Words, 'math' | 'source'>;
  /** Calls back when the document can be written in. */
  readonly whenBound: (then: () => void) => void;
}

/**
 * Code on a page. In some languages it is shown as what it means: formulas in TeX, and diagrams. Their source is seen while
 * the caret is in it, so that everything which can be done with text can be done with it.
 */
export function codeBlocks({ words: { math, source }, whenBound, ...around }: CodeOptions): Extension {
  const make: MakePicture = once(async () => {
    const [{ pictures }, { diagram }] = await Promise.all([import('../diagram/picture.ts'), source()]);
    return pictures(diagram);
  });
  const meant: Readonly<Record<string, NodeViewConstructor>> = {
    [MATH_LANGUAGE]: (node, view, getPos) => new MathBlock(node, { view, getPos, words: math }),
    [DIAGRAM_LANGUAGE]: (node, view, getPos) => new DiagramBlock(node, { view, getPos, make }),
  };
  const languages = Object.keys(meant);
  const load = once(async (view: EditorView): Promise<CodeTools> => {
    // The document comes first, and that one can write in it.
    await new Promise<void>(whenBound);
    await drawn();
    const [{ CodeTools: Tools }, { code }] = await Promise.all([import('./code-tools.ts'), source()]);
    return new Tools(view, { ...around, words: code });
  });
  return Extension.create({
    name: 'codeBlocks',
    priority: 200,

    addKeyboardShortcuts: () => ({ [TO_HEAD]: ({ editor }) => goToHead(editor.view) }),

    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          nodeViews: {
            codeBlock: (node, view, getPos, ...decorations) => {
              const language = String(node.attrs['language']);
              return (
                meant[language]?.(node, view, getPos, ...decorations) ??
                new CodeBlock(node, {
                  view,
                  getPos,
                  load: () => load(view),
                  isDrawn: ({ attrs }) => languages.includes(String(attrs['language'])),
                })
              );
            },
          },
          decorations: (state) => openBlock(state, languages),
        },
      }),
    ],
  });
}

/** Makes something when it is first asked for. Without a network it may not be there: null then, and the next one asks again. */
function once<T, A extends unknown[]>(make: (...given: A) => Promise<T>): (...given: A) => Promise<T | null> {
  let made: Promise<T> | null = null;
  return async (...given) => {
    made ??= make(...given);
    const found = await made.catch(() => null);
    if (!found) made = null;
    return found;
  };
}

/** Goes from the code that holds the selection to its head; false if there is none. */
function goToHead(view: EditorView): boolean {
  const { $from } = view.state.selection;
  if ($from.parent.type.name !== 'codeBlock') return false;
  const block = view.nodeDOM($from.before());
  const choice = block instanceof Element ? block.querySelector<HTMLElement>('.code-head select') : null;
  choice?.focus();
  return choice !== null;
}

/** Marks the block that holds the selection. */
function openBlock(
  { doc, selection: { $from, $to } }: EditorState,
  languages: readonly string[],
): DecorationSet | null {
  const { type, attrs } = $from.parent;
  const isMeant = type.name === 'codeBlock' && languages.includes(String(attrs['language']));
  if (!isMeant || !$from.sameParent($to)) return null;
  return DecorationSet.create(doc, [Decoration.node($from.before(), $from.after(), { class: 'is-open' })]);
}
