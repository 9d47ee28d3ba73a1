import { changes, count } from '../en.ts';

/** The messages of the page that shows what this device keeps: English. */
export const deviceWords = {
  title: 'On this device',
  failed: 'What is kept here can’t be read',
  intro:
    'This browser keeps a copy of the documents that you have opened, so that they open at once and can be written in without a network.',
  needsHttps:
    'Sheaf itself does not open without a network here: browsers allow that for addresses with https only.',
  reading: 'Reading what is kept…',
  removed: 'Everything was removed.',
  nothing: 'Nothing is kept on this device.',
  forget: 'Forget this device',
  forgetMore: 'Removes these copies from this browser. Documents stay on the server.',
  changedMeanwhile: 'Something was written meanwhile, here or in another tab: look at it first.',
  notYet: (number: number) =>
    count(number, {
      one: 'Not yet: a document holds changes that are not on the server. Open it with a connection, or download or discard it.',
      other:
        'Not yet: # documents hold changes that are not on the server. Open each with a connection, or download or discard each.',
    }),
  deleted: 'deleted on the server',
  damaged: (number: number) =>
    count(number, { one: '1 damaged part set aside', other: '# damaged parts set aside' }),
  unsent: (number: number) => `${changes(number)} not on the server`,
  unsentDownloaded: (number: number) => `${changes(number)} not on the server, downloaded`,
  downloadText: 'Download text',
  downloadTextOf: (title: string) => `Download text of ${title}`,
  update: 'Yjs update',
  updateOf: (title: string) => `Yjs update of ${title}`,
  discard: 'Discard',
  discardOf: (title: string) => `Discard ${title}`,
  discardSure: 'Discard for ever?',
  discardSureOf: (title: string) => `Discard for ever? ${title}`,
};

/** Each language has the same messages. */
export type DeviceWords = typeof deviceWords;
