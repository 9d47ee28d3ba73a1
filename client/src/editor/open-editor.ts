import { Editor } from '@tiptap/core';
import Collaboration from '@tiptap/extension-collaboration';
import { Dropcursor } from '@tiptap/extensions';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { CONTENT_FIELD, documentExtensions, isSafeLink } from '@sheaf/schema';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { canShow, guardContent } from './content-guard.ts';
import { remoteCarets } from './caret.ts';
import { Placeholder } from './placeholder.ts';
import { SmallestChange } from './smallest-change.ts';
import { TitleKeys } from './title.ts';

/** What an editor needs. */
export interface EditorOptions {
  /** The element that the text goes into. */
  readonly element: HTMLElement;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** Whether this person may type. */
  readonly editable: boolean;
  /** Called once when the editor can no longer be trusted with the document; it is detached by then. */
  readonly onfail: (reason: EditorFailure) => void;
}

/** Why an editor gave up: content that this version does not know, or an error of its own. */
export type EditorFailure = 'unknown-content' | 'error';

/** The content of a document. */
export function contentOf(doc: Y.Doc): Y.XmlFragment {
  return doc.getXmlFragment(CONTENT_FIELD);
}

/**
 * An editor bound to a document. Opening it, focusing it and receiving writes nothing. Null where the content is
 * not of this version's schema: binding it would delete what is unknown, for everybody.
 */
export function openEditor(options: EditorOptions): Editor | null {
  const { element, doc, awareness, editable } = options;
  const fragment = contentOf(doc);
  const editor = new Editor({
    element: null,
    editable,
    injectCSS: false,
    extensions: [
      ...documentExtensions(),
      Collaboration.configure({ fragment }),
      SmallestChange,
      remoteCarets(awareness, doc),
      Dropcursor.configure({ color: false, class: 'drop-here', width: 2 }),
      Placeholder,
      TitleKeys,
    ],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': 'Document',
        'data-testid': 'editor',
        class: 'prose',
      },
      handleClick: (_view, _pos, event) => followLink(event),
    },
  });
  if (!canShow(fragment, editor.schema)) {
    editor.destroy();
    return null;
  }
  const fail = once((reason: EditorFailure) => {
    editor.destroy();
    options.onfail(reason);
  });
  const stopGuard = guardContent(fragment, editor.schema, () => fail('unknown-content'));
  editor.on('destroy', stopGuard);
  editor.mount(element);
  catchErrors(editor, fragment, () => fail('error'));
  return editor;
}

/** Ctrl or Cmd and a click follow a link; a plain click places the caret, as everywhere in text. */
function followLink(event: MouseEvent): boolean {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || !(event.ctrlKey || event.metaKey)) return false;
  const address = link.getAttribute('href');
  if (isSafeLink(address)) window.open(address, '_blank', 'noopener,noreferrer');
  return true;
}

/**
 * Yjs's sync protocol swallows what an observer throws, and the editor would go on showing an old text. The
 * binding's observer is wrapped, so that an error is seen and ends the editor.
 */
function catchErrors(editor: Editor, fragment: Y.XmlFragment, fail: () => void): void {
  type Observer = Parameters<Y.XmlFragment['observeDeep']>[0];
  // The binding has no type of its own: this is the one field that is read of it.
  const { binding } = ySyncPluginKey.getState(editor.state) as { binding: { _observeFunction: Observer } };
  const observe = binding._observeFunction;
  fragment.unobserveDeep(observe);
  binding._observeFunction = (events, transaction) => {
    try {
      observe(events, transaction);
    } catch (error) {
      reportError(error);
      fail();
    }
  };
  fragment.observeDeep(binding._observeFunction);
}

function once<T>(call: (value: T) => void): (value: T) => void {
  let called = false;
  return (value) => {
    if (called) return;
    called = true;
    call(value);
  };
}
