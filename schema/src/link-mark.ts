import { Mark, markInputRule } from '@tiptap/core';
import type { InputRuleMatch } from '@tiptap/core';
import type { ElementLike } from './opaque.ts';
import { isSafeLink } from './links.ts';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    link: {
      /** Links what is selected. An address that no document may hold changes nothing. */
      setLink: (link: { readonly href: string }) => ReturnType;
      /** Takes the link off that is selected, or around the caret. */
      unsetLink: () => ReturnType;
    };
  }
}

/** A link as it is typed in Markdown: words in brackets, an address in parentheses; no image. */
const TYPED = /(^|[^!\\])\[([^[\]\n]+)\]\(([^\s()]+)\)$/;

/**
 * A link holds its address and nothing else: how it opens is the page's, not the document's. Nothing becomes one because
 * it looks like an address, and an address that is no {@link isSafeLink} is none.
 */
export const Link = Mark.create({
  name: 'link',
  priority: 1000,
  keepOnSplit: false,
  inclusive: false,
  exitable: true,
  addAttributes: () => ({
    href: { default: null, parseHTML: (element: ElementLike) => element.getAttribute('href') },
  }),
  parseHTML: () => [
    {
      tag: 'a[href]',
      getAttrs: (element: ElementLike) => (isSafeLink(element.getAttribute('href')) ? null : false),
    },
  ],
  renderHTML: ({ mark }) => {
    const { href } = mark.attrs;
    const how = { target: '_blank', rel: 'noopener noreferrer nofollow' };
    return ['a', isSafeLink(href) ? { ...how, href } : how, 0];
  },
  addCommands() {
    return {
      setLink:
        ({ href }) =>
        ({ chain }) =>
          isSafeLink(href) && chain().setMark(this.name, { href }).run(),
      unsetLink:
        () =>
        ({ chain }) =>
          chain().unsetMark(this.name, { extendEmptyMarkRange: true }).run(),
    };
  },
  addInputRules() {
    return [
      markInputRule({
        find: typedLink,
        type: this.type,
        getAttributes: ({ data }) => ({ href: data?.['href'] }),
      }),
    ];
  },
});

function typedLink(text: string): InputRuleMatch | null {
  const [whole, before = '', words = '', href = ''] = TYPED.exec(text) ?? [];
  if (whole === undefined || !isSafeLink(href)) return null;
  const typed = whole.slice(before.length);
  return { index: text.length - typed.length, text: typed, replaceWith: words, data: { href } };
}
