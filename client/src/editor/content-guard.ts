import { CONTENT_FIELD } from '@sheaf/schema';
import { Node } from '@tiptap/pm/model';
import type { Schema } from '@tiptap/pm/model';
import { yXmlFragmentToProseMirrorRootNode, yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { plainText } from './plain-text.ts';

/** Deeper than this nobody writes; deeper content is refused rather than walked. */
const DEEPEST = 100;

/**
 * Whether the editor can show `fragment` without losing a word of it. What it cannot show, its binding would delete
 * for everybody, so a document that fails this is not bound. Looks, and changes nothing.
 */
export function canShow(fragment: Y.XmlFragment, schema: Schema): boolean {
  if (!fragment.toArray().every((type) => type instanceof Y.XmlElement && knows(type, schema, 0)))
    return false;
  return fragment.length === 0 || isValid(fragment, schema) || losesNoWord(fragment, schema);
}

function isValid(fragment: Y.XmlFragment, schema: Schema): boolean {
  try {
    Node.fromJSON(schema, yXmlFragmentToProsemirrorJSON(fragment)).check();
    return true;
  } catch {
    // The one answer that matters is "no": the reason is in the content.
    return false;
  }
}

/**
 * Known elements in a place where they may not stand, such as a list whose items were deleted by two people at
 * once: the binding removes them, which costs nothing if they are empty. Tried on a copy.
 */
function losesNoWord(fragment: Y.XmlFragment, schema: Schema): boolean {
  if (!fragment.doc) return false;
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(fragment.doc));
  const content = copy.getXmlFragment(CONTENT_FIELD);
  yXmlFragmentToProseMirrorRootNode(content, schema);
  return words(content) === words(fragment);
}

function words(fragment: Y.XmlFragment): string {
  return plainText(fragment).replace(/\s+/g, '');
}

/**
 * Calls `foreign` when a remote change brings something into `fragment` that the schema does not know, and does so
 * before any observer of the document has seen the change. Returns the unsubscription.
 */
export function guardContent(fragment: Y.XmlFragment, schema: Schema, foreign: () => void): () => void {
  const { doc } = fragment;
  const check = (transaction: Y.Transaction) => {
    if (transaction.local) return;
    for (const type of transaction.changed.keys())
      if (isInside(type, fragment) && !knows(type, schema, 0)) return foreign();
  };
  doc?.on('beforeObserverCalls', check);
  return () => doc?.off('beforeObserverCalls', check);
}

function isInside(type: unknown, fragment: Y.XmlFragment): boolean {
  for (let at = type; at instanceof Y.AbstractType; at = at._item?.parent) if (at === fragment) return true;
  return false;
}

function knows(type: unknown, schema: Schema, depth: number): boolean {
  if (depth > DEEPEST) return false;
  // XmlHook is a map, and no content of ours.
  if (type instanceof Y.XmlHook) return false;
  if (type instanceof Y.XmlText) return knowsText(type, schema);
  if (type instanceof Y.XmlElement && !(type.nodeName in schema.nodes)) return false;
  if (!(type instanceof Y.XmlFragment)) return false;
  return type.toArray().every((child) => knows(child, schema, depth + 1));
}

function knowsText(text: Y.XmlText, schema: Schema): boolean {
  const delta: { insert?: unknown; attributes?: Record<string, unknown> }[] = text.toDelta();
  return delta.every(
    ({ insert, attributes = {} }) =>
      typeof insert === 'string' && Object.keys(attributes).every((mark) => mark in schema.marks),
  );
}
