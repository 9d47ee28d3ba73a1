import { Editor, Node as NodeExtension } from '@tiptap/core';
import type { AnyExtension, NodeViewRenderer } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { CONTENT_FIELD, documentExtensions, isSafeLink } from '@sheaf/schema';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { atomViews } from './atom/atom-views.ts';
import type { Titles } from './atom/titles.ts';
import { bindFlow } from './binding/extension.ts';
import { remoteCarets } from './caret.ts';
import { commandKeys } from './commands/command-keys.ts';
import type { Target } from './commands/command.ts';
import { contentsViews } from './contents/contents-view.ts';
import { copiedText } from './copied-text.ts';
import { currentBlock } from './current-block.ts';
import { DropPlace } from './drop-place.ts';
import { footnotes } from './footnote/extension.ts';
import { Highlights } from './highlights.ts';
import { Imports } from './importing/imports.ts';
import { EnterKeys } from './enter-keys.ts';
import { JoinedLists } from './joined-lists.ts';
import { leaveKeys, TabKeys } from './leave-keys.ts';
import { LongDocument } from './long-document.ts';
import { PlaceLeft } from './place-left.ts';
import { placeholder } from './placeholder.ts';
import { ruleUndo } from './typing/rule-undo.ts';
import { AT, COLON, SignTyping, SLASH } from './typing/sign-typing.ts';
import { codeBlocks } from './code/extension.ts';
import { MathTyping } from './math/math-typing.ts';
import { cleanPaste } from './paste/clean-paste.ts';
import { indentation } from './style/indentation.ts';
import { TextStyle } from './style/text-style.ts';
import { ClosedToggles } from './container/closed-toggles.ts';
import { containers } from './container/extension.ts';
import { media } from './media/extension.ts';
import { MediaFiles } from './media/media-files.ts';
import type { MediaUploads } from './media/media-files.ts';
import { Tables } from './table/extension.ts';
import { TaskKeys } from './task-keys.ts';
import { TitleKeys } from './title.ts';
import type { EditorParts } from './tools.svelte.ts';
import { typography } from './typography.ts';
import { whenDrawn } from './when-drawn.ts';
import { tellSelection } from '../sync/tell-selection.ts';
import type { ViewOption } from '../state/view-options.svelte.ts';
import type { Words } from '../words/en.ts';

/** What an editor needs. */
export interface EditorOptions {
  /** The element that the text goes into. */
  readonly element: HTMLElement;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly words: Words;
  /** Whose way of writing days is the reader's. */
  readonly locale: string;
  /** What other documents are called. */
  readonly titles: Titles;
  /** Whether this person may type. */
  readonly editable: boolean;
  /** Called once when the editor can no longer be trusted with the document; it is detached by then. */
  readonly onfail: () => void;
  /** Called once, when the text first has the focus: how it is left. */
  readonly onhint: () => void;
  /** What the keys of the commands work on. */
  readonly target: () => Target;
  readonly isOn: (option: ViewOption) => boolean;
  readonly uploads: MediaUploads;
  /** Copies a text, and says that it did; tells whether it did. */
  readonly oncopy: (text: string, done: string) => Promise<boolean>;
  /** Tells at once what a person must know. */
  readonly onsay: (text: string) => void;
  /** Tells those who hear the page what others see. */
  readonly onwhisper: (text: string) => void;
}

/** The content of a document. */
export function contentOf(doc: Y.Doc): Y.Text {
  return doc.getText(CONTENT_FIELD);
}

/**
 * An editor bound to a document: of a long one at first to its first screen, in which nobody can write, and to all of it behind
 * that. Opening it, focusing it and receiving writes nothing, and what this version does not know is kept.
 */
export function openEditor(options: EditorOptions): EditorParts {
  const { element, doc, awareness, words, locale, titles, editable, target, isOn } = options;
  const signs = { slash: new SignTyping(SLASH), at: new SignTyping(AT), colon: new SignTyping(COLON) };
  const kept = new Highlights('kept');
  const matches = new Highlights('matches');
  const coloured = new Highlights('coloured');
  const { extension, bound, whenBound } = bindFlow({
    flow: contentOf(doc),
    onfail: (error) => {
      reportError(error);
      editor.destroy();
      options.onfail();
    },
    onDrawn: whenDrawn,
  });
  const nameAt = (position: number) => {
    const item = bound()?.binding.anchor({ anchor: position, head: position }).anchor.item;
    return item ? `${String(item.client)}:${String(item.clock)}` : null;
  };
  const separate = () => bound()?.undo.separate();
  const bringing = { binding: () => bound()?.binding ?? null, onsay: options.onsay };
  const files = new MediaFiles({
    ...bringing,
    separate,
    uploads: options.uploads,
    words: { ...words.media, again: words.tryAgain },
    pasted: new Set(),
  });
  const imports = new Imports({ ...bringing, words: words.importing, locale });
  const editor = new Editor({
    element: null,
    editable,
    injectCSS: false,
    // What is pasted is read as a whole, not looked through for marks.
    enablePasteRules: false,
    // Nobody asks what a change deleted, which is worked out behind each.
    enableCoreExtensions: { delete: false },
    extensions: [
      ...documentExtensions().map((one) => inLanguage(one, words)),
      extension,
      remoteCarets({ awareness, doc, binding: () => bound()?.binding ?? null }),
      DropPlace,
      LongDocument,
      placeholder({ title: words.untitled, text: words.editor.placeholder }),
      Tables,
      copiedText(whenBound),
      containers({
        closed: new ClosedToggles(() => localStorage),
        nameAt,
        words: words.container,
        onicon: () => target().open('icon'),
      }),
      media(files),
      TitleKeys,
      leaveKeys(options.onhint),
      TabKeys,
      EnterKeys,
      JoinedLists,
      PlaceLeft,
      TaskKeys,
      commandKeys(target),
      ...Object.values(signs).map(({ extension: typing }) => typing),
      atomViews({
        locale,
        titles,
        onday: () => target().open('date'),
        onformula: () => target().open('formula'),
      }),
      codeBlocks({
        words,
        whenBound,
        coloured,
        oncopy: options.oncopy,
        separate,
      }),
      coloured.extension,
      MathTyping,
      contentsViews(words.contents),
      footnotes(words.footnotes),
      kept.extension,
      matches.extension,
      currentBlock(() => isOn('focusMode')),
      typography({ quotes: words.quotes, isOn: () => isOn('typography'), separate }),
      ruleUndo(separate),
      TextStyle,
      indentation((steps) => options.onwhisper(words.editor.inset(steps))),
      cleanPaste({
        load: async (clipboard) =>
          (await import('./paste/readers.ts')).readClipboard(files.options, clipboard),
        separate,
        hold: (selection) => {
          const held = bound()?.binding.anchor(selection);
          return (transaction) => (held && bound()?.binding.select(transaction, held)) ?? transaction;
        },
      }),
    ],
    editorProps: {
      // The line with the caret keeps off the edge, px.
      scrollMargin: 16,
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': words.editor.text,
        'data-testid': 'editor',
        class: 'prose',
      },
      handleClick: (_view, _pos, event) => followLink(event),
      // A key works where the one before it left the caret, however quickly it came.
      handleDOMEvents: {
        keydown: (view) => void (view.composing || tellSelection()),
        // And a press, of which the first brings the focus: ProseMirror waits 20 ms for the caret that comes with it, and Firefox tells of
        // that a frame later, when it has been put back.
        mousedown: () => void setTimeout(tellSelection),
      },
    },
  });
  // Made apart from the page, and put there whole: what is asked about places and selections meanwhile would have a long
  // document laid out again and again.
  const apart = document.createElement('div');
  editor.mount(apart);
  element.append(...apart.childNodes);
  return { editor, signs, kept, matches, bound, whenBound, media: files, imports };
}

/** A task's box is named by what is to be done, in the page's language; the direction of its list is not that of the name. */
function inLanguage(extension: AnyExtension, words: Words): AnyExtension {
  if (!(extension instanceof NodeExtension) || extension.name !== 'taskItem') return extension;
  const checkboxLabel = (item: Node) => words.editor.task(item.firstChild?.textContent ?? '');
  return extension.configure({ a11y: { checkboxLabel } }).extend({
    addNodeView(): NodeViewRenderer | null {
      const make = this.parent?.() ?? null;
      return (
        make &&
        ((props) => {
          const made = make(props);
          if (made.dom instanceof Element) made.dom.querySelector('label')?.setAttribute('dir', 'auto');
          return made;
        })
      );
    },
  });
}

/** Ctrl or Cmd and a click follow a link; a plain click places the caret, as everywhere in text. */
function followLink(event: MouseEvent): boolean {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || !(event.ctrlKey || event.metaKey)) return false;
  const address = link.getAttribute('href');
  if (isSafeLink(address)) window.open(address, '_blank', 'noopener,noreferrer');
  return true;
}
