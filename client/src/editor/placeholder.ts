import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { isTitle } from './title.ts';

interface PlaceholderWords {
  readonly title: string;
  readonly text: string;
}

/** Words that stand in an empty document: in its title, and where its text begins. They are no content. */
export function placeholder(words: PlaceholderWords): Extension {
  return Extension.create({
    name: 'placeholder',
    addProseMirrorPlugins() {
      return [new Plugin({ props: { decorations: ({ doc }) => placeholders(doc, words) } })];
    },
  });
}

function placeholders(doc: Node, { title, text }: PlaceholderWords): DecorationSet {
  const { firstChild: first, childCount } = doc;
  if (!first) return DecorationSet.empty;
  const found: Decoration[] = [];
  const add = (node: Node | null, pos: number, words: string) => {
    // A heading without words would have no name for who can't see the placeholder.
    const name = words === title ? { 'aria-label': title } : {};
    const attributes = { class: 'is-empty', 'data-placeholder': words, ...name };
    if (node?.isTextblock && node.content.size === 0)
      found.push(Decoration.node(pos, pos + node.nodeSize, attributes));
  };
  if (isTitle(first)) {
    add(first, 0, title);
    if (childCount === 2 && doc.maybeChild(1)?.type.name === 'paragraph')
      add(doc.maybeChild(1), first.nodeSize, text);
  } else if (childCount === 1 && first.type.name === 'paragraph') add(first, 0, text);
  return DecorationSet.create(doc, found);
}
