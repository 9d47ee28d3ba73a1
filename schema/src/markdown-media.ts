import type { Token } from 'markdown-it';
import type { Node, Schema } from '@tiptap/pm/model';
import { parseJson } from './mark-tags.ts';
import { textOf } from './markdown-tags.ts';
import { destination, entities } from './markdown-text.ts';
import { isMedia, readMedia } from './media.ts';
import type { MediaName } from './media.ts';

/** Words that Markdown has between brackets as they are. */
const PLAIN_WORDS = /^[\p{L}\p{N}](?:[\p{L}\p{N} ,.:-]*[\p{L}\p{N}.])?$/u;
const PLAIN_ADDRESS = /^[\w:/.?=#%+@,;$'-]+$/;

/** What tells a link card: the title of a link that stands alone in its paragraph. */
const CARD = 'card';

/** Words between brackets, so that they are read as they are. */
const bracketed = (words: string) =>
  `[${words === '' || PLAIN_WORDS.test(words) ? words : entities(words).replaceAll('&#32;', ' ')}]`;

/**
 * An image, a link card, or a link to a file, as one line; before it a comment with what Markdown cannot say of it.
 */
export function writeMedia(
  name: MediaName,
  node: Node,
  comment: (name: string, value: unknown) => string,
): string {
  const has = Object.entries(readMedia(name, node.attrs)).filter(([, value]) => value !== null);
  const attributes = Object.fromEntries(has);
  const { src = '', alt = '', url = '', title = url } = attributes;
  const shown = { image: alt, file: attributes['name'] ?? '', embed: title }[name];
  // Words that are the address itself stand for none.
  if (name === 'embed' && url !== '' && attributes['title'] !== url)
    return `${bracketed(String(title))}(${destination(String(url))} "${CARD}")`;
  const plain =
    name === 'image' &&
    has.every(([key]) => key === 'src' || key === 'alt') &&
    PLAIN_ADDRESS.test(String(src)) &&
    (alt === '' || PLAIN_WORDS.test(String(alt)));
  const line = `${name === 'image' ? '!' : ''}${bracketed(String(shown))}(<${entities(String(src || url))}>)`;
  return plain ? `![${alt}](${src})` : comment(name, attributes) + line;
}

/** What a comment told of, an image, a file or a link card, in place of the block that follows it; null if it told of none. */
export function readToldMedia(schema: Schema, told: ReadonlyMap<string, string>): Node | null {
  for (const [name, json] of told) {
    const value = isMedia(name) ? parseJson(json) : null;
    if (!isMedia(name) || typeof value !== 'object' || value === null) continue;
    return schema.nodes[name]?.create(readMedia(name, { ...value })) ?? null;
  }
  return null;
}

/** Whether a line is what {@link writeMedia} writes behind a comment. */
export function isMediaLine(line: string): boolean {
  return /^!?\[[^\]]*\]\(<[^<>]*>\)$/.test(line);
}

/** A paragraph that is an image and nothing else; null if it is not. */
export function readImageLine(schema: Schema, tokens: readonly Token[]): Node | null {
  const [only, more] = tokens;
  if (only?.type !== 'image' || more) return null;
  const attributes = readMedia('image', { src: only.attrGet('src'), alt: only.content });
  return attributes['src'] === null ? null : (schema.nodes['image']?.create(attributes) ?? null);
}

/** A paragraph that is a link card: one link with the title `card`, and nothing else; null if it is not. */
export function readCardLine(schema: Schema, tokens: readonly Token[]): Node | null {
  const [opens, ...inside] = tokens;
  const closes = inside.pop();
  if (opens?.type !== 'link_open' || opens.attrGet('title') !== CARD || closes?.type !== 'link_close')
    return null;
  if (inside.some(({ type }) => type === 'link_close')) return null;
  const url = opens.attrGet('href');
  const words = textOf(inside);
  const attributes = readMedia('embed', { url, title: words === url ? null : words });
  return attributes['url'] === null ? null : (schema.nodes['embed']?.create(attributes) ?? null);
}
