import { readMedia } from '../media.ts';
import type { MediaAttributes } from '../media.ts';
import type { HtmlElement } from './tree.ts';
import { textWithin } from './tree.ts';

/** Smaller ones, px, are signs within a text, or count readers. */
const SMALLEST = 48;

/** An `img` as the image that it is; null for one that has no address of http or https, or is a small sign. */
export function imageOf(element: HtmlElement): MediaAttributes | null {
  const told = ['src', 'alt', 'width', 'height'].map((name) => [name, element.attribute(name)] as const);
  const image = readMedia('image', Object.fromEntries(told));
  const isSmall = [image['width'], image['height']].some(
    (side) => typeof side === 'number' && side < SMALLEST,
  );
  return typeof image['src'] === 'string' && !isSmall ? image : null;
}

/** A `figure` of one image, with its caption; null if it holds anything else. */
export function figureImage(
  figure: HtmlElement,
): { readonly name: 'image'; readonly attributes: MediaAttributes } | null {
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
  const image = only && !more ? imageOf(only) : null;
  const attributes = image && { ...image, ...readMedia('image', { ...image, caption: caption.trim() }) };
  return attributes && { name: 'image', attributes };
}
