import type { Node } from '@tiptap/pm/model';
import { EmbedCard } from './embed-card.ts';
import { FileCard } from './file-card.ts';
import { ImageBox } from './image-box.ts';
import type { MediaContent, MediaPlace } from './media-view.ts';

/** Fills the place of an image, a file or a link card. Escape leads from what is in it back to the text. */
export function fillMedia(place: MediaPlace, node: Node): MediaContent {
  place.dom.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    place.leave();
  });
  if (node.type.name === 'embed') return new EmbedCard(place, node);
  return node.type.name === 'image' ? new ImageBox(place, node) : new FileCard(place, node);
}
