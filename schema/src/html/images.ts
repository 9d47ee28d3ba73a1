import { embedPlaceOf } from '../embed-sites.ts';
import { mediaOfTag, readMedia } from '../media.ts';
import type { MediaAttributes, MediaName } from '../media.ts';
import type { HtmlElement } from './tree.ts';
import { textWithin } from './tree.ts';

/** Smaller ones, px, are signs within a text, or count readers. */
const SMALLEST = 48;

/** Pictures of a page that are kept elsewhere by now: their `src` and size, by the `src` that the page has. */
export type Pictures = ReadonlyMap<
  string,
  { readonly src: string; readonly width: number; readonly height: number }
>;

/** An `img` as the image that it is; null for one that has no address of http or https and is not kept, or is a small sign. */
export function imageOf(element: HtmlElement, pictures: Pictures): MediaAttributes | null {
  const told = ['src', 'alt', 'width', 'height'].map((name) => [name, element.attribute(name)] as const);
  const image = readMedia('image', {
    ...Object.fromEntries(told),
    ...pictures.get(element.attribute('src') ?? ''),
  });
  const isSmall = [image['width'], image['height']].some(
    (side) => typeof side === 'number' && side < SMALLEST,
  );
  return typeof image['src'] === 'string' && !isSmall ? image : null;
}

/** The `src` of an `img` that holds its picture, or names a place on a disk; null for signs, and for what has an address. */
export function pictureWithin(element: HtmlElement): string | null {
  const src = element.name === 'img' ? element.attribute('src') : null;
  const sign = ['width', 'height'].some((side) => Number(element.attribute(side) ?? SMALLEST) < SMALLEST);
  const box = element.attribute('aria-roledescription') === 'checkbox';
  return src !== null && !sign && !box && /^(?:data:image\/|file:)/i.test(src) ? src : null;
}

/** A picture's place on a disk, or its file's name, which programs put where nobody described it. */
const PLACE =
  /^(?:[a-z]:[\\/]|\\\\|file:|macintosh hd:|\/)|^\S{1,200}\.(?:png|jpe?g|gif|bmp|tiff?|webp|svg|emf|wmf)$/i;

/** What is said of a picture that cannot be shown. */
export function wordsOfImage(element: HtmlElement): string {
  const told = element.attribute('alt')?.trim() ?? '';
  const words = PLACE.test(told) ? '' : told;
  // It stood by itself, also in a line.
  return /^(?:file|cid):/i.test(element.attribute('src') ?? '') ? ` ${words} ` : words;
}

/** An image, file or link card. */
interface Media {
  readonly name: MediaName;
  readonly attributes: MediaAttributes;
}

/**
 * What a `figure` or `iframe` is, our own or another page's; null if it is none of them. The frame of an allowed site is a
 * card that leads to its page; what others show in frames stays out.
 */
export function mediaOf(element: HtmlElement, pictures: Pictures): Media | null {
  const { name, attribute } = element;
  if (name === 'iframe') {
    const place = embedPlaceOf(attribute('src'));
    return place && { name: 'embed', attributes: readMedia('embed', { url: place.page }) };
  }
  if (name !== 'figure') return null;
  return mediaOfTag(attribute) ?? (attribute('data-opaque') === null ? figureImage(element, pictures) : null);
}

/** A `figure` of one image, with its caption; null if it holds anything else. */
function figureImage(figure: HtmlElement, pictures: Pictures): Media | null {
  const images: HtmlElement[] = [];
  let caption = '';
  const look = ({ children }: HtmlElement): boolean =>
    children.every((node) => {
      if (node.type === 'text') return node.text.trim() === '';
      if (node.name === 'figcaption') caption += textWithin(node);
      else if (node.name === 'img') images.push(node);
      else return ['a', 'picture', 'div', 'span', 'source'].includes(node.name) && look(node);
      return true;
    });
  const [only, more] = look(figure) ? images : [];
  const image = only && !more ? imageOf(only, pictures) : null;
  const attributes = image && { ...image, ...readMedia('image', { ...image, caption: caption.trim() }) };
  return attributes && { name: 'image', attributes };
}
