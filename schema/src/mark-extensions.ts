import { Mark } from '@tiptap/core';
import { attrsOfTag, tagOf } from './mark-tags.ts';
import type { MarkName } from './names.ts';
import type { ElementLike } from './opaque.ts';

/** A mark that stands in HTML as `tagOf` says; `elements` are those that can stand for it. */
function tagMark(name: MarkName, elements: readonly string[], attributes: readonly string[]) {
  // All attributes come from the rule: one that is read by its own name could be anything.
  const fromRule = { default: null, rendered: false, parseHTML: () => null };
  return Mark.create({
    name,
    addAttributes: () => Object.fromEntries(attributes.map((attribute) => [attribute, fromRule])),
    parseHTML: () =>
      elements.map((tag) => ({
        tag,
        // Before those that take the element for the mark which it is without its attributes.
        priority: 60,
        getAttrs: (element: ElementLike) =>
          attrsOfTag(name, element.localName, (attribute) => element.getAttribute(attribute)),
      })),
    renderHTML: ({ mark }) => {
      const { element, attributes: written } = tagOf(mark);
      return [element, written, 0];
    },
  });
}

/** Text below or above the line; it cannot be both. */
const Script = tagMark('script', ['sub', 'sup'], ['position']);
const Highlight = tagMark('highlight', ['mark'], ['color']);
const Color = tagMark('color', ['span'], ['color']);

/** What is typed beside a suggestion is none, and one does not replace another: not even of its own kind. */
const beside = { excludes: '', inclusive: false };
const SUGGESTED = ['id', 'author', 'time'];
const Insertion = tagMark('insertion', ['ins'], SUGGESTED).extend(beside);
const Deletion = tagMark('deletion', ['del'], SUGGESTED).extend(beside);
const Formatting = tagMark('formatting', ['span'], [...SUGGESTED, 'set']).extend(beside);

/** The marks that are this editor's own. */
export const MARK_EXTENSIONS = [Script, Highlight, Color, Insertion, Deletion, Formatting];
