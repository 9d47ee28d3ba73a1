import { Node } from '@tiptap/core';

/** How long the words are that stand in for a block that this version does not know, UTF-16 units. */
export const OPAQUE_WORDS = 200;

/** What is read of an element of a page; the schema is also used where there is none. */
export interface ElementLike {
  readonly localName: string;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
}

/**
 * What this version does not know is kept where it is stored, and shown as a thing that can be read past, moved
 * and deleted, but not changed. `ref` names what is stored (`client:clock` of its Yjs item), `name` its kind.
 */
const attributes = (element: string) => ({
  ref: {
    default: '',
    parseHTML: (at: ElementLike) => at.getAttribute('data-opaque') ?? '',
    renderHTML: ({ ref }: Record<string, unknown>) => ({ 'data-opaque': ref }),
  },
  name: {
    default: '',
    parseHTML: (at: ElementLike) => at.getAttribute('data-name') ?? '',
    renderHTML: ({ name }: Record<string, unknown>) => ({ 'data-name': name }),
  },
  words: {
    default: '',
    parseHTML: (at: ElementLike) => (at.localName === element ? at.textContent : ''),
    rendered: false,
  },
});

/** A block of an unknown kind. */
export const OpaqueBlock = Node.create({
  name: 'opaqueBlock',
  group: 'block',
  atom: true,
  draggable: true,
  addAttributes: () => attributes('figure'),
  parseHTML: () => [{ tag: 'figure[data-opaque]' }],
  renderHTML: ({ node, HTMLAttributes }) => ['figure', HTMLAttributes, String(node.attrs['words'])],
});

/** Something of an unknown kind within a text. */
export const OpaqueInline = Node.create({
  name: 'opaqueInline',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () => attributes('span'),
  // Rules for what is typed count its text as positions.
  renderText: () => '\ufffc',
  parseHTML: () => [{ tag: 'span[data-opaque]' }],
  renderHTML: ({ node, HTMLAttributes }) => ['span', HTMLAttributes, String(node.attrs['words'])],
});
