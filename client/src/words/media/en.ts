/** What is said of images, files and link cards that are shown: English. */
export const mediaWords = {
  undescribed: 'Image without a description',
  caption: 'Caption',
  describe: 'Describe the image for people who do not see it',
  width: 'Width of the image',
  uploading: (percent: string) => `Uploading, ${percent}`,
  elsewhere: (host: string) => `Image at ${host}, which is not loaded from here`,
  open: 'Open the image',
  download: (name: string) => `Download ${name}`,
  downloadShort: 'Download',
  sending: {
    away: 'Not uploaded yet. It is kept and sent when there is a connection.',
    missing: 'The server does not take it.',
    refused: 'You may not add files to this document.',
    'too-large': 'The server finds it too large.',
    'too-many': 'Not uploaded yet: the server has too much to do, or the document has too many files.',
    'no-room': 'Not uploaded yet: the server has no room.',
    failed: 'It could not be uploaded.',
  },
  getting: {
    away: 'It is shown when there is a connection.',
    missing: 'It is not on the server yet.',
    refused: 'You may not see it.',
    'too-large': 'It could not be loaded.',
    'too-many': 'The server has too much to do.',
    'no-room': 'It could not be loaded.',
    failed: 'It could not be loaded.',
  },
  card: {
    name: (title: string, host: string) => `${title}, link to ${host}`,
    none: 'No address yet',
    title: 'Title',
    address: 'Address',
    wrong: 'That is no address of the web.',
    show: 'Show here',
    hide: 'Hide',
    loads: (site: string) => `Loads it from ${site}, which learns that you look at it`,
    frame: (title: string, site: string) => `${title}, shown by ${site}`,
  },
};

/** Each language has the same messages. */
export type MediaWords = typeof mediaWords;
