import { referredUpload } from '@sheaf/proto/upload-address';
import { Node } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { isWebAddress } from './links.ts';
import type { ElementLike } from './opaque.ts';

/** The blocks that are no text and have something of their own: their nodes are called as their elements of the flow. */
export type MediaName = (typeof MEDIA)[number];
const MEDIA = ['image', 'file', 'embed'] as const;
/** What they have, by name; null: nothing. */
export type MediaAttributes = Readonly<Record<string, string | number | null>>;

/** Longest words of one of them, UTF-16 units. */
export const LONGEST_WORDS = 2_000;
/** Largest side of an image, px, and largest file, bytes. */
const PIXELS = 100_000;
const BYTES = 2 ** 40;
/** How wide an image is shown, in hundredths of the text. */
export const NARROWEST_IMAGE = 10;
const WIDEST_IMAGE = 100;

type Read = (value: unknown) => string | number | null;
const count =
  (least: number, most: number): Read =>
  (value) => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
      ? number
      : null;
  };
/** One line. */
const words: Read = (value) => {
  if (typeof value !== 'string') return null;
  // oxlint-disable-next-line no-control-regex -- what cannot stand in one line
  return value.slice(0, LONGEST_WORDS).replace(/[\u0000-\u001f\u2028\u2029]/g, ' ') || null;
};
const upload: Read = (value) => (referredUpload(value) === null ? null : String(value));
const address: Read = (value) => (isWebAddress(value) ? value : null);
const source: Read = (value) => upload(value) ?? address(value);

const ATTRIBUTES: Readonly<Record<MediaName, Readonly<Record<string, Read>>>> = {
  image: {
    src: source,
    alt: words,
    caption: words,
    width: count(1, PIXELS),
    height: count(1, PIXELS),
    percent: count(NARROWEST_IMAGE, WIDEST_IMAGE),
  },
  file: { src: upload, name: words, bytes: count(0, BYTES) },
  embed: { url: address, title: words },
};

/** Whether a node, or an element of the flow, is one of them. */
export function isMedia(name: string): name is MediaName {
  return MEDIA.some((one) => one === name);
}

/** Reads what one of them has. What is not of the grammar counts as absent (SPEC MEDIA-1). */
export function readMedia(name: MediaName, attributes: Readonly<Record<string, unknown>>): MediaAttributes {
  const entries = Object.entries(ATTRIBUTES[name]);
  return Object.fromEntries(entries.map(([key, read]) => [key, read(attributes[key])]));
}

/** The attributes by which a node differs from what is stored; null removes one. */
export function mediaChanges(
  name: MediaName,
  stored: Readonly<Record<string, unknown>>,
  { attrs }: DocumentNode,
): Map<string, string | number | null> {
  const present = readMedia(name, stored);
  return new Map(Object.entries(readMedia(name, attrs)).filter(([key, value]) => present[key] !== value));
}

/** What one of them has as attributes of HTML, which {@link mediaOfTag} reads. */
export function mediaTag(
  name: MediaName,
  attributes: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const has = Object.entries(readMedia(name, attributes)).filter(([, value]) => value !== null);
  return Object.fromEntries([
    [`data-${name}`, ''],
    ...has.map(([key, value]) => [`data-${key}`, String(value)] as const),
  ]);
}

/** What a `figure` is one of; null if it is none. */
export function mediaOfTag(
  attribute: (name: string) => string | null,
): { readonly name: MediaName; readonly attributes: MediaAttributes } | null {
  const name = MEDIA.find((one) => attribute(`data-${one}`) !== null);
  if (name === undefined) return null;
  const told = Object.keys(ATTRIBUTES[name]).map((key) => [key, attribute(`data-${key}`)] as const);
  return { name, attributes: readMedia(name, Object.fromEntries(told)) };
}

/** For programs that know no more than text: a card's title, if it has one, and its address; a file's name. */
function wordsOfMedia(name: MediaName, { attrs }: DocumentNode): string {
  const { title = null, url = null, name: called = null } = readMedia(name, attrs);
  return [called, title, url].filter((one) => one !== null).join(' ');
}

const node = (name: MediaName) =>
  Node.create({
    name,
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () =>
      Object.fromEntries(
        Object.keys(ATTRIBUTES[name]).map((key) => [key, { default: null, rendered: false }]),
      ),
    parseHTML: () => [
      {
        tag: `figure[data-${name}]`,
        getAttrs: (element: ElementLike) =>
          mediaOfTag((key) => element.getAttribute(key))?.attributes ?? false,
      },
    ],
    renderHTML: ({ node: { attrs }, HTMLAttributes }) => {
      const { url = null, title, name: called = null } = readMedia(name, attrs);
      const link = url === null ? [] : [['a', { href: url }, title ?? url]];
      const told = called === null ? link : [String(called)];
      return ['figure', { ...HTMLAttributes, ...mediaTag(name, attrs) }, ...told];
    },
    renderText: ({ node: one }) => wordsOfMedia(name, one),
    extendNodeSchema: (extension) =>
      extension.name === name ? { leafText: (one: DocumentNode) => wordsOfMedia(name, one) } : {},
  });

/** An image: an upload, or an address that is shown as such. */
export const Image = node('image');
/** A file that can be downloaded. */
export const File = node('file');
/** A link card: an address with what somebody called it. It holds nothing of what is there. */
export const Embed = node('embed');
