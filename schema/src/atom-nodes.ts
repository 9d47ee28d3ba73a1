import { Node } from '@tiptap/core';
import type { Node as DocumentNode, Schema } from '@tiptap/pm/model';
import { atomWords, LONGEST_ATOM, readAtom, writeAtom } from './atoms.ts';
import type { Atom } from './atoms.ts';
import type { ElementLike } from './opaque.ts';
import type { ReadAttribute, Tag } from './mark-tags.ts';

/** The names of the nodes that show atoms. */
type AtomName = 'date' | 'footnoteReference' | 'math' | 'mention';

/** The node that shows each kind of atom. */
const NODES: Readonly<Record<Atom['type'], AtomName>> = {
  date: 'date',
  footnote: 'footnoteReference',
  math: 'math',
  person: 'mention',
  document: 'mention',
};

const NODE_NAMES: ReadonlySet<string> = new Set(Object.values(NODES));

/** The atom that a node of the page is; null if it is none, or holds what none can. */
export function atomOf({ type, attrs }: DocumentNode): Atom | null {
  return NODE_NAMES.has(type.name) ? readAtom(attrs) : null;
}

/** The attributes of the node that shows an atom. */
export function atomNode(atom: Atom): {
  readonly name: AtomName;
  readonly attrs: Record<string, string>;
} {
  return { name: NODES[atom.type], attrs: { ...writeAtom(atom) } };
}

/** The node of the page for an atom. */
export function nodeOfAtom(schema: Schema, atom: Atom): DocumentNode {
  const { name, attrs } = atomNode(atom);
  return schema.node(name, attrs);
}

/** An atom on the page as an element of HTML, and the text in it; {@link atomOfTag} reads it. Null if it is none. */
export function tagOfAtom(node: DocumentNode): (Tag & { readonly text: string }) | null {
  const atom = atomOf(node);
  switch (atom?.type) {
    case undefined:
      return null;
    case 'date':
      return { element: 'time', attributes: { datetime: atom.date }, text: atom.date };
    case 'math':
      return { element: 'span', attributes: { 'data-math': '' }, text: atom.tex };
    case 'footnote':
      return { element: 'sup', attributes: { 'data-footnote': atom.note }, text: '*' };
    case 'person':
      return { element: 'span', attributes: { 'data-mention': 'person' }, text: atom.name };
    case 'document': {
      // No link stands in another one.
      const linked = node.marks.some(({ type }) => type.name === 'link');
      const href = `/d/${encodeURIComponent(atom.document)}`;
      const attributes = { 'data-mention': 'document', 'data-document': atom.document };
      return linked
        ? { element: 'span', attributes, text: atom.title }
        : { element: 'a', attributes: { ...attributes, href }, text: atom.title };
    }
  }
}

/**
 * The atom that an element of HTML stands for; null if it stands for none. `text` gives the text in it, of which a
 * beginning is enough that is longer than `most` units; it is asked only where the tag says that this may be an atom,
 * since an element may hold a whole page.
 */
export function atomOfTag(
  element: string,
  attribute: ReadAttribute,
  text: (most: number) => string,
): Atom | null {
  // What another page says of a day in words of its own is left in these words.
  const date = element === 'time' ? attribute('datetime') : null;
  if (date !== null) return date === text(date.length) ? readAtom({ date }) : null;
  if (element === 'sup') return readAtom({ footnote: attribute('data-footnote') });
  if (element !== 'span' && element !== 'a') return null;
  const math = element === 'span' ? attribute('data-math') : null;
  // Drawn, it is told by the attribute; else by what stands there.
  if (math !== null) return readAtom({ math: math === '' ? text(LONGEST_ATOM) : math });
  const mention = attribute('data-mention');
  if (mention === 'person') return readAtom({ mention, name: text(LONGEST_ATOM) });
  return mention === 'document'
    ? readAtom({ mention, document: attribute('data-document'), title: text(LONGEST_ATOM) })
    : null;
}

function atomExtension(name: AtomName, tags: readonly string[], attributes: readonly string[]) {
  const fromRule = { default: null, rendered: false, parseHTML: () => null };
  return Node.create({
    name,
    group: 'inline',
    inline: true,
    atom: true,
    addAttributes: () => Object.fromEntries(attributes.map((attribute) => [attribute, fromRule])),
    parseHTML: () =>
      tags.map((tag) => ({
        tag,
        // Before those that take the element for a mark.
        priority: 70,
        getAttrs: (at: ElementLike) => {
          const atom = atomOfTag(
            at.localName,
            (key) => at.getAttribute(key),
            () => at.textContent ?? '',
          );
          if (atom === null || atomNode(atom).name !== name) return false;
          const carries = name === 'footnoteReference' ? { carries: at.getAttribute('data-carries') } : null;
          return { ...atomNode(atom).attrs, ...carries };
        },
      })),
    renderHTML: ({ node }) => {
      const { element, attributes: written, text } = tagOfAtom(node) ?? { element: 'span', text: '' };
      return [element, { ...written, dir: 'auto' }, text];
    },
    // Rules for what is typed count its text as positions.
    renderText: () => '\ufffc',
    extendNodeSchema: (extension) =>
      extension.name === name ? { leafText: (node: DocumentNode) => wordsOfAtom(node) } : {},
  });
}

function wordsOfAtom(node: DocumentNode): string {
  const atom = atomOf(node);
  return atom ? atomWords(atom) : '';
}

/** A day in a text. */
export const DateNode = atomExtension('date', ['time[datetime]'], ['date']);
/** A reference to a footnote in a text. On its way through a clipboard it carries the words of its note, and nowhere else. */
export const FootnoteReference = atomExtension(
  'footnoteReference',
  ['sup[data-footnote]'],
  ['footnote', 'carries'],
).extend({
  renderHTML: ({ node }) => {
    const { carries } = node.attrs;
    const carried = typeof carries === 'string' ? { 'data-carries': carries } : {};
    return ['sup', { 'data-footnote': String(node.attrs['footnote']), ...carried }, '*'];
  },
});
/** A formula in a text. */
export const MathNode = atomExtension('math', ['span[data-math]'], ['math']);
/** A person or another document in a text. */
export const Mention = atomExtension(
  'mention',
  ['span[data-mention]', 'a[data-mention]'],
  ['mention', 'name', 'document', 'title'],
);
