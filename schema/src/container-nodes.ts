import { Node, wrappingInputRule } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { isCalloutKind, readIcon } from './frame.ts';
import type { CalloutLook } from './frame.ts';
import { isNoteId } from './atoms.ts';
import type { ElementLike } from './opaque.ts';

/** What callout a node is; of a kind that this version does not know it is a note. */
export function calloutLookOf({ attrs }: DocumentNode): CalloutLook {
  const { kind, icon } = attrs;
  return { kind: isCalloutKind(kind) ? kind : 'note', icon: readIcon(icon) };
}

/** Blocks that somebody else said. Tiptap's has keys of its own, which leave the caret behind words that it joins. */
export const Blockquote = Node.create({
  name: 'blockquote',
  group: 'block',
  content: 'block+',
  defining: true,
  parseHTML: () => [{ tag: 'blockquote' }],
  renderHTML: ({ HTMLAttributes }) => ['blockquote', { ...HTMLAttributes, dir: 'auto' }, 0],
  addInputRules() {
    return [wrappingInputRule({ find: /^\s*>\s$/, type: this.type })];
  },
});

/** Blocks that are set apart from the text: a note, a warning. */
export const Callout = Node.create({
  name: 'callout',
  group: 'block',
  content: 'block+',
  defining: true,
  addAttributes: () => ({
    kind: {
      default: 'note',
      parseHTML: (at: ElementLike) => {
        const kind = at.getAttribute('data-callout');
        return isCalloutKind(kind) ? kind : 'note';
      },
      renderHTML: ({ kind }: Record<string, unknown>) => ({ 'data-callout': kind }),
    },
    icon: {
      default: null,
      parseHTML: (at: ElementLike) => readIcon(at.getAttribute('data-icon')),
      renderHTML: ({ icon }: Record<string, unknown>) => {
        const known = readIcon(icon);
        return known === null ? {} : { 'data-icon': known };
      },
    },
  }),
  parseHTML: () => [{ tag: 'div[data-callout]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', { ...HTMLAttributes, role: 'note', dir: 'auto' }, 0],
});

/** A paragraph under which blocks can be hidden. Whether they are is the reader's own, and not in the document. */
export const Toggle = Node.create({
  name: 'toggle',
  group: 'block',
  content: 'paragraph block*',
  defining: true,
  parseHTML: () => [{ tag: 'details' }],
  renderHTML: () => ['details', { open: '' }, 0],
});

/** The words of a footnote, at the top of a document; references lead to it by its id. Nothing is joined over its edges. */
export const Footnote = Node.create({
  name: 'footnote',
  content: 'block+',
  defining: true,
  isolating: true,
  addAttributes: () => ({
    id: {
      default: '1',
      parseHTML: (at: ElementLike) => noteIdOf(at.getAttribute('data-footnote')),
      renderHTML: ({ id }: Record<string, unknown>) => ({ 'data-footnote': noteIdOf(id) }),
    },
  }),
  parseHTML: () => [{ tag: 'aside[data-footnote]' }],
  renderHTML: ({ HTMLAttributes }) => ['aside', { ...HTMLAttributes, role: 'doc-footnote', dir: 'auto' }, 0],
});

/** An id as a footnote can have it. */
export function noteIdOf(value: unknown): string {
  return isNoteId(value) ? value : '1';
}
