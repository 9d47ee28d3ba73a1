import type { Dialect } from './dialect.ts';

/** No protocol at all: a message is a Yjs update, and everybody else gets it. */
export const broadcast: Dialect = {
  path: () => '/',
  documentsPerConnection: 1,
  syncs: false,
  open: () => [],
  question: () => new Uint8Array(),
  answer: (_document, update) => update,
  update: (_document, update) => update,
  read: (message) => ({ kind: 'content', document: '', update: message, complete: false }),
};
