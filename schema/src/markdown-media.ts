import type { Token } from 'markdown-it';
import type { Node, Schema } from '@tiptap/pm/model';
import { parseJson } from './mark-tags.ts';
import { entities } from './markdown-text.ts';
import { isMedia, readMedia } from './media.ts';
import type { MediaName } from './media.ts';

/** Words that Markdown has between brackets as they are. */
const PLAIN_WORDS = /^[\p{L}\p{N}](?:[\p{L}\p{N} ,.:-]*[\p{L}\p{N}.])?$/u;
const PLAIN_ADDRESS = /^[\w:/.?=#%+@,;$'-]+$/;

/** What a comment before an image or a file says beyond what Markdown can; and the image or link that follows it. */
export function writeMedia(
  name: MediaName,
  node: Node,
  comment: (name: string, value: unknown) => string,
): string {
  const has = Object.entries(readMedia(name, node.attrs)).filter(([, value]) => value !== null);
  const attributes = Object.fromEntries(has);
  const { src = '', alt = '' } = attributes;
  const shown = name === 'image' ? alt : (attributes['name'] ?? '');
  const plain =
    name === 'image' &&
    has.every(([key]) => key === 'src' || key === 'alt') &&
    PLAIN_ADDRESS.test(String(src)) &&
    (alt === '' || PLAIN_WORDS.test(String(alt)));
  const line = `${name === 'image' ? '!' : ''}[${PLAIN_WORDS.test(String(shown)) ? shown : entities(String(shown)).replaceAll('&#32;', ' ')}](<${entities(String(src))}>)`;
  return plain ? `![${alt}](${src})` : comment(name, attributes) + line;
}

/** The image or file that a comment told of, in place of the block that follows it; null if it told of none. */
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
