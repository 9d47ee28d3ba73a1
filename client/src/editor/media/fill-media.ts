import type { Node } from '@tiptap/pm/model';
import { FileCard } from './file-card.ts';
import { ImageBox } from './image-box.ts';
import type { MediaContent, MediaPlace } from './media-view.ts';

/** Fills the place of an image or file. */
export function fillMedia(place: MediaPlace, node: Node): MediaContent {
  return node.type.name === 'image' ? new ImageBox(place, node) : new FileCard(place, node);
}
