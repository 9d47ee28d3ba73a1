import { Extension } from '@tiptap/core';
import { cleanText } from '@sheaf/schema';
import { isSafeLink } from '@sheaf/schema/links';
import type { Schema, Slice } from '@tiptap/pm/model';
import { NodeSelection, Plugin, Selection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { linkAt } from '../link/link-at.ts';
import { writeLink } from '../link/write-link.ts';
import { alignedLine } from './aligned-line.ts';
import { lineBehindPaste, PASTED } from './line-behind.ts';
import { looksLikeMarkdown } from './looks-like-markdown.ts';
import { plainSlice } from './plain-slice.ts';

/** What a clipboard holds: text, and, where it is of a page or of Word, its HTML and the RTF beside it; '' where there is none. */
export interface Clipboard {
  readonly text: string;
  readonly html: string;
  readonly rtf: string;
}

/** What a clipboard comes to that holds more than text. */
export interface Reading {
  /** null: it is only text after all. */
  readonly slice: (schema: Schema) => Slice | null;
  /** What was read is in the document. */
  readonly done: () => void;
}

export interface CleanPasteOptions {
  /** Reads it, and keeps the pictures that come with a page, in its HTML or beside it in RTF. */
  readonly load: (clipboard: Clipboard) => Promise<Reading>;
  /** What is pasted is taken back in one step, and nothing else with it. */
  readonly separate: () => void;
  /** Holds on to a selection, whatever is written meanwhile: what is returned selects it again. */
  readonly hold: (selection: Selection) => (transaction: Transaction) => Transaction;
}

/** What a site gives to be put into a page that shows it: one frame, as text. */
export const FRAME = /^\s*<iframe\s[^<>]*>\s*<\/iframe>\s*$/i;

/** More HTML is pasted as its text, UTF-16 units. */
const HTML_LENGTH = 8 * 1024 * 1024;

/**
 * What is pasted becomes text, marks and blocks of this editor and nothing else (SPEC PASTE): HTML of any program is read by
 * `readHtml`, and never given to the browser; text that is Markdown keeps its structure; an address on selected text
 * links it. What this editor copied itself goes ProseMirror's own way.
 */
export function cleanPaste(options: CleanPasteOptions): Extension {
  return Extension.create({
    name: 'cleanPaste',
    priority: 1000,
    addProseMirrorPlugins() {
      // Ctrl+Shift+V is told by the key that goes before it: the event of a paste holds no keys.
      let plain = false;
      const keydown = (_view: EditorView, { key, shiftKey, ctrlKey, metaKey }: KeyboardEvent) => {
        plain = shiftKey && (ctrlKey || metaKey) && key.toLowerCase() === 'v';
        return false;
      };
      const paste = (view: EditorView, event: ClipboardEvent) => {
        const asText = plain;
        plain = false;
        return pasted(view, event, { ...options, asText });
      };
      return [
        new Plugin({ props: { handleDOMEvents: { keydown, paste } } }),
        alignedLine(),
        lineBehindPaste(),
      ];
    },
  });
}

function pasted(
  view: EditorView,
  event: ClipboardEvent,
  options: CleanPasteOptions & { readonly asText: boolean },
): boolean {
  const { clipboardData } = event;
  if (!view.editable || !clipboardData || view.composing) return false;
  const html = options.asText ? '' : clipboardData.getData('text/html');
  const text = clipboardData.getData('text/plain') || clipboardData.getData('text/uri-list');
  const code = view.state.selection.$from.parent.type.spec.code === true;
  if (html === '' && text === '') return false;
  event.preventDefault();
  if (!code && /\sdata-pm-slice=/.test(html)) {
    options.separate();
    view.pasteHTML(html, event);
    options.separate();
    return true;
  }
  const put = (slice: Slice) => insert(view, slice, { event, separate: options.separate });
  const { schema } = view.state;
  const marks = view.state.storedMarks ?? view.state.selection.$from.marks();
  const asPlain = () => put(plainSlice(schema, text, marks));
  const page = html.length <= HTML_LENGTH ? html : '';
  if (code) putCode(view, text, options.separate);
  else if (options.asText) asPlain();
  else if (isAddress(text) && (html === '' || !view.state.selection.empty))
    putAddress(view, text.trim(), options.separate);
  else if (page !== '' || FRAME.test(text) || looksLikeMarkdown(text)) {
    const clipboard = { text, html: page, rtf: clipboardData.getData('text/rtf') };
    void read(view, clipboard, options, (slice) => (slice ? put(slice) : asPlain()));
  } else asPlain();
  return true;
}

async function read(
  view: EditorView,
  clipboard: Clipboard,
  { load, hold }: CleanPasteOptions,
  then: (slice: Slice | null | undefined) => void,
): Promise<void> {
  const { selection } = view.state;
  const there = hold(selection);
  // Without a network what reads may not be there: the words are.
  const reading = await load(clipboard).catch(() => null);
  if (view.isDestroyed) return;
  // Who has gone on meanwhile finds it where it was pasted, and stays where they are.
  const elsewhere = view.state.selection.eq(selection) ? null : hold(view.state.selection);
  if (elsewhere) view.dispatch(there(view.state.tr));
  then(reading?.slice(view.state.schema));
  reading?.done();
  if (elsewhere) view.dispatch(elsewhere(view.state.tr));
}

function insert(
  view: EditorView,
  found: Slice,
  { event, separate }: { event: ClipboardEvent; separate: () => void },
): void {
  separate();
  let slice = found;
  view.someProp('transformPasted', (transform) => void (slice = transform(slice, view, false)));
  // Cells take what is pasted in a way of their own.
  const taken = view.someProp('handlePaste', (handle) => handle(view, event, slice) === true);
  if (taken !== true) {
    const only = slice.openStart === 0 && slice.openEnd === 0 && slice.content.childCount === 1;
    const { tr } = view.state;
    const single = only ? slice.content.firstChild : null;
    view.dispatch(
      (single ? tr.replaceSelectionWith(single) : tr.replaceSelection(slice))
        .setMeta(PASTED, true)
        .scrollIntoView(),
    );
    // What is typed next goes on behind the last of several blocks, and does not replace it.
    const { selection, doc } = view.state;
    if (!single && selection instanceof NodeSelection)
      view.dispatch(view.state.tr.setSelection(Selection.near(doc.resolve(selection.to))));
  }
  separate();
}

function putCode(view: EditorView, text: string, separate: () => void): void {
  separate();
  view.dispatch(view.state.tr.insertText(cleanText(text).replaceAll('\u2028', '\n')).scrollIntoView());
  separate();
}

const isAddress = (text: string) =>
  !/\s/.test(text.trim()) && isSafeLink(text.trim()) && /^\w+:/.test(text.trim());

/** Links what is selected; where nothing is, the address is written as a link. The caret is behind it. */
function putAddress(view: EditorView, href: string, separate: () => void): void {
  const { state } = view;
  const { empty, $from } = state.selection;
  const link = state.schema.marks['link']?.create({ href });
  if (!link) return;
  separate();
  const { tr } = state;
  view.dispatch(
    (empty
      ? tr
          .replaceSelectionWith(state.schema.text(href, link.addToSet($from.marks())), false)
          .removeStoredMark(link)
      : writeLink(state, linkAt(state), href)
    ).scrollIntoView(),
  );
  separate();
}
