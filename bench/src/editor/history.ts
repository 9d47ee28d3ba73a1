import * as Y from 'yjs';
import { below, clientId, seeded } from '../random.ts';
import type { Layout } from './layout.ts';
import type { JsonNode } from './sample.ts';

/** Who has edited a document, and how often. */
export interface History {
  readonly people: number;
  readonly edits: number;
}

/**
 * `document` with a history: people who have typed words in it, and taken most of them back. One Yjs update, V1. Of the same
 * seed the history is the same in each layout.
 */
export function editedDocument(
  layout: Layout,
  document: JsonNode,
  history: History,
  seed: number,
): Uint8Array {
  const random = seeded(seed);
  let doc = layout.write(document, clientId(random));
  const each = Math.ceil(history.edits / history.people);
  for (let person = 0; person < history.people; person += 1) {
    // Each has a document of their own, as a browser would.
    const own = new Y.Doc();
    own.clientID = clientId(random);
    Y.applyUpdate(own, Y.encodeStateAsUpdate(doc));
    const stretches = layout.stretches(own);
    for (let edit = 0; edit < each; edit += 1) {
      const stretch = stretches[below(random, stretches.length)];
      if (!stretch) throw new Error('The document has no text.');
      const at = below(random, stretch.length + 1);
      stretch.insert(at, 'edited ');
      // Of ten words one stays.
      if (random() < 0.9) stretch.delete(at, 'edited '.length);
    }
    doc = own;
  }
  return Y.encodeStateAsUpdate(doc);
}
