import { changes } from '../en.ts';

/** What the list of documents says: English. */
export const listWords = {
  title: 'Documents',
  creating: 'Making it…',
  notCreated: (reason: string) => `The document was not made. ${reason}`,
  failed: 'The list could not be loaded',
  failedMore: (reason: string) => `${reason} Nothing is lost: documents are kept on the server.`,
  empty: 'Nothing here yet',
  emptyMore: 'Start a document and send its address to whoever should write with you.',
  loading: 'Loading the list…',
  kept: 'The server can’t be reached. These are the documents kept on this device; you can read them and write in them.',
  keptDenied: (reason: string) => `${reason} These are the documents kept on this device.`,
  more: 'Show more',
  unsent: (number: number) => `${changes(number)} not sent`,
};

/** Each language has the same messages. */
export type ListWords = typeof listWords;
