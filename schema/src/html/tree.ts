/** A text of a parsed page. */
export interface HtmlText {
  readonly type: 'text';
  readonly text: string;
}

/**
 * An element of a parsed page, whoever parsed it: a browser, or parse5 in plain Node. Nothing of it was run or fetched,
 * and nobody's styles apply.
 */
export interface HtmlElement {
  readonly type: 'element';
  /** In small letters. */
  readonly name: string;
  /** What an attribute says; null if there is none of that name. */
  readonly attribute: (name: string) => string | null;
  readonly children: readonly HtmlNode[];
}

/** What a page consists of, beside comments. */
export type HtmlNode = HtmlText | HtmlElement;

/** All text within `node`, whatever its depth; where that is more than `most` units long, any beginning of it that is, too. */
export function textWithin(node: HtmlNode, most = Infinity): string {
  let text = '';
  for (const part of textsWithin(node)) {
    text += part;
    if (text.length > most) break;
  }
  return text;
}

/** Whether there is nothing but blanks within `node`. */
export function isBlank(node: HtmlNode): boolean {
  for (const part of textsWithin(node)) if (/\S/.test(part)) return false;
  return true;
}

function* textsWithin(node: HtmlNode): Generator<string, void> {
  const waiting: HtmlNode[] = [node];
  for (let next = waiting.pop(); next; next = waiting.pop())
    if (next.type === 'text') yield next.text;
    else for (const child of next.children.toReversed()) waiting.push(child);
}

/** An element that no page has, to put others in order. */
export function madeElement(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly HtmlNode[],
): HtmlElement {
  const attribute = (wanted: string) =>
    Object.hasOwn(attributes, wanted) ? (attributes[wanted] ?? null) : null;
  return { type: 'element', name, attribute, children };
}

/** Nodes without what the first text in them that is more than blanks begins with. */
export function withoutBeginning(nodes: readonly HtmlNode[], pattern: RegExp): readonly HtmlNode[] {
  const at = nodes.findIndex((node) => !isBlank(node));
  const first = nodes[at];
  if (!first) return nodes;
  if (first.type === 'text') return nodes.with(at, { type: 'text', text: first.text.replace(pattern, '') });
  let children: readonly HtmlNode[] | null = null;
  const { name, attribute } = first;
  const trimmed: HtmlElement = {
    type: 'element',
    name,
    attribute,
    get children() {
      return (children ??= withoutBeginning(first.children, pattern));
    },
  };
  return nodes.with(at, trimmed);
}
