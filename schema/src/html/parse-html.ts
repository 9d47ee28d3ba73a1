import type { Node, Schema } from '@tiptap/pm/model';
import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { pictureWithin } from './images.ts';
import type { Pictures } from './images.ts';
import { notionPage } from './notion.ts';
import { readHtml } from './read-html.ts';
import type { HtmlNode } from './tree.ts';

type Parsed = DefaultTreeAdapterTypes.ChildNode;

/** The document that HTML comes to, in plain Node: {@link readHtml} over a parser of its own. */
export function parseHtml(schema: Schema, html: string, pictures?: Pictures): Node {
  const nodes = childrenOf(parse(html).childNodes);
  return readHtml(schema, html.includes('<!-- notionvc:') ? notionPage(nodes) : nodes, pictures);
}

/** The `src` of each picture that HTML holds, or names by a place on a disk, in their order. */
export function picturesWithin(html: string): string[] {
  if (!/<img\b/i.test(html)) return [];
  const found: string[] = [];
  const waiting = childrenOf(parse(html).childNodes).toReversed();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.type === 'text') continue;
    const src = pictureWithin(next);
    if (src !== null) found.push(src);
    waiting.push(...next.children.toReversed());
  }
  return found;
}

function childrenOf(nodes: readonly Parsed[]): HtmlNode[] {
  return nodes.flatMap((node): HtmlNode[] => {
    if ('value' in node) return [{ type: 'text', text: node.value }];
    if (!('tagName' in node)) return [];
    const { tagName, attrs, childNodes } = node;
    let children: readonly HtmlNode[] | null = null;
    return [
      {
        type: 'element',
        name: tagName.toLowerCase(),
        attribute: (name) => attrs.find((one) => one.name === name)?.value ?? null,
        // Asked for as it is read: a page may be deeper than a stack.
        get children() {
          return (children ??= childrenOf(childNodes));
        },
      },
    ];
  });
}
