import { counter } from './plural.ts';

export const count = counter<'one' | 'other'>('en', 'other');
export const changes = (number: number) => count(number, { one: '1 change', other: '# changes' });
const are = (number: number) => (number === 1 ? 'is' : 'are');

/** Numbers of servers as a person says them; a cluster has no more than seven. */
const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

/** "Saved on one server; waiting for a second" */
function copies(nodes: number, of: number): string {
  const saved = `Saved on ${COUNTS[nodes] ?? nodes} ${nodes === 1 ? 'server' : 'servers'}`;
  const missing = of - nodes;
  if (missing === 1) return `${saved}; waiting for a ${ORDINALS[of] ?? `${of}th`}`;
  return `${saved}; waiting for ${COUNTS[missing] ?? missing} more`;
}

/** English. Every other language has the same messages: see {@link Words}. */
export const en = {
  untitled: 'Untitled',
  tryAgain: 'Try again',
  reload: 'Reload',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  missing: 'A part of the page could not be loaded.',
  hide: 'Hide',
  menu: 'Menu',
  skip: 'Skip to content',
  allDocuments: 'See all documents',

  /** Those of a page of its own come with it. */
  list: async () => (await import('./list/en.ts')).listWords,

  refusals: {
    unavailable: 'The server can’t take this at the moment. Try again in a minute.',
    'signed-out': 'You are not signed in.',
    'no-answer': 'Whoever lets people in here does not answer. Try again in a minute.',
    denied: 'You have no access here. Ask whoever runs this server.',
    deleted: 'This document was deleted, and its name can’t be used again yet.',
    name: 'A document can’t have this name.',
    unreachable:
      'The server could not be reached, or it answered with something else. Check the connection and try again.',
    other: (detail: string) => `The server refused: ${detail}`,
  },

  sidebar: {
    create: 'New document',
    search: 'Search',
    documents: 'Documents',
    home: 'Home',
    onDevice: 'On this device',
    rename: 'Change your name and colour',
  },

  person: async () => (await import('./person/en.ts')).personWords,

  /** Somebody who has not chosen a name gets one of the first and one of the second, put together. */
  names: {
    first: ['Quiet', 'Bright', 'Swift', 'Gentle', 'Clever', 'Merry', 'Patient', 'Curious', 'Brave', 'Kind'],
    second: ['Heron', 'Otter', 'Wren', 'Fox', 'Badger', 'Swallow', 'Hare', 'Marten', 'Finch', 'Lynx'],
    together: (first: string, second: string) => `${first} ${second}`,
  },

  cluster: async () => (await import('./cluster/en.ts')).clusterWords,

  notFound: async () => (await import('./not-found/en.ts')).notFoundWords,

  document: {
    title: 'Document',
    opening: 'Opening…',
    failed: 'This document could not be opened',
    notYet: 'This document can’t be opened yet',
    notYetMore:
      'The server’s disk takes no changes at the moment. This page opens by itself when it does again.',
    outdated: 'There is a new version of Sheaf',
    outdatedMore:
      'This page is of an older one, and a part of it is gone from the server. Nothing was changed in the document.',
    unreachable: 'The editor could not be loaded',
    unreachableMore:
      'The connection failed before all of the page was here. Nothing was changed in the document.',
    recover: 'Recover your changes.',
    recoverMore: (number: number) =>
      `The server does not take ${number === 1 ? 'a change' : `${number} changes`} of yours.`,
    recoverSignedOut: (number: number) =>
      `Until you sign in, the server does not take ${number === 1 ? 'a change' : `${number} changes`} of yours.`,
    signIn: 'Sign in',
    signedOut: 'You are signed out.',
    signedOutMore: 'You can read what is here. Sign in, and this page goes on.',
    recoverKept: 'They stay on this device until you remove them.',
    recoverNow: 'Keep this page open until you have downloaded them.',
    recoverText: 'Download the text',
    recoverUpdate: 'Download as Yjs update',
    keepOpen: (trouble: string) => `${trouble} Keep this page open until the pill says “Saved”.`,
    damaged:
      'A part of this browser’s copy was damaged and was set aside. You see what could be read and what the server has; something that you wrote here without a connection may be missing.',
    stopped: 'The editor stopped',
    stoppedMore:
      'An error of ours made it stop. What was written is below, as plain text. Reload to go on writing.',
    faces: 'Also here',
    moreFaces: (number: number) => count(number, { one: '1 more person', other: '# more people' }),
  },

  documentMenu: {
    open: 'More',
    title: 'Document',
    copyLink: 'Copy link',
    linkCopied: 'Link copied',
    copyMarkdown: 'Copy as Markdown',
    markdownCopied: 'Copied as Markdown',
    notCopied: 'The browser did not allow copying',
    downloadMarkdown: 'Download as Markdown',
    downloadHtml: 'Download as HTML',
    print: 'Print',
  },

  device: async () => (await import('./device/en.ts')).deviceWords,

  saving: {
    opening: 'Opening…',
    saved: 'Saved',
    saving: 'Saving…',
    'partly-saved': 'Saved on some servers',
    reconnecting: 'Reconnecting…',
    offline: 'Offline',
    'not-saved': 'Not saved',
    'read-only': 'Read only',
    denied: 'No access',
    deleted: 'Deleted',
    /** In place of `offline`: whoever gives tokens does not answer; and of `denied`: who signs in is let in. */
    'not-connected': 'Not connected',
    'signed-out': 'Signed out',
    /** Behind one of the above: what waits, and where it is. */
    held: (state: string, held: string) => `${state}, ${held}`,
    /** `nodes` of the `of` servers that have to have it; at most seven. */
    copies: (nodes: number, of: number) => copies(nodes, of),
    kept: (number: number) => `${changes(number)} kept on this device`,
    keptPart: (part: number, number: number) => `${part} of ${changes(number)} kept on this device`,
    onlyHere: (number: number) => `${changes(number)} only in this page`,
    happened: {
      opening: 'The document is on its way from the server.',
      saved: 'Everything you wrote is on the server’s disk.',
      saving: 'The server has not confirmed your latest changes yet.',
      'partly-saved':
        'Your changes are on a server’s disk, but not on as many as they should be. The others are out of reach at the moment; they get them when they are back. You can go on writing.',
      reconnecting: 'The connection ended and is being made again.',
      offline: 'The server can’t be reached. You can go on writing; the page keeps trying.',
      'not-saved': 'The server can’t store your changes at the moment. The page keeps trying.',
      corrupt: 'The server can’t read this document from its disk. Tell whoever runs it.',
      'read-only-now': 'You may only read this document now: the server does not take your changes.',
      refused: 'The server refused a change. The document may be too large.',
      'read-only': 'You may read this document, but not change it.',
      denied: 'You have no access to this document, or none any more.',
      token: 'Whoever lets people in here does not answer. You can go on writing; the page keeps trying.',
      'signed-out': 'You are not signed in any more. Sign in, and this page goes on.',
      deleted: 'Somebody deleted this document.',
    },
    keeping: {
      stopped:
        'This browser was told to forget its copies, and keeps nothing of this page: reload to keep changes again.',
      full: 'This device has no room left to keep changes: free some space.',
      unavailable:
        'This browser keeps nothing for this site, as in a private window or with storage switched off.',
      blocked:
        'Another tab holds an older version of Sheaf open, so nothing can be kept here: close or reload that tab.',
      outdated:
        'A newer version of Sheaf is open in another tab: reload this page to keep changes on this device again.',
      'too-large': 'This document is too large to be kept on this device.',
      failed: 'The browser failed to keep changes on this device; the page keeps trying.',
    },
    atRisk: (number: number) =>
      `Keep this page open: ${changes(number)} ${are(number)} in it and nowhere else.`,
    notYetKept: (number: number) =>
      `Keep this page open a moment: ${changes(number)} ${are(number)} not kept on this device yet.`,
    keptHere: (number: number) => `${changes(number)} ${are(number)} kept on this device.`,
    downloadable: (number: number) =>
      `${changes(number)} ${are(number)} kept on this device and can be downloaded.`,
    sentLater: (number: number) =>
      `${changes(number)} ${are(number)} kept on this device, also if you close this page, and will be sent when the server takes them.`,
    mayGo: 'The browser may remove them if this device runs out of space.',
    overHttp: 'Connected over HTTP',
    overHttpByNetwork: 'Connected over HTTP: your network blocks WebSockets',
    overHttpMore: (way: string) => `${way}. That works as well: others see your changes a little later.`,
  },

  editor: {
    text: 'Document',
    format: 'Format',
    placeholder: 'Write something…',
    newer: 'Made with a newer version of Sheaf',
    more: 'More formatting',
    leave: 'Press Escape, then Tab, to leave the text.',
    inset: (steps: number) =>
      steps === 0 ? 'Not indented' : `Indented by ${count(steps, { one: '1 step', other: '# steps' })}`,
    task: (words: string) => `Task: ${words}`,
    outline: 'Outline',
    leaveFocus: 'Leave focus mode',
    placeCopied: 'Link to the block copied',
    placeGone: 'The place that this link leads to is gone',
  },

  commands: {
    undo: 'Undo',
    redo: 'Redo',
    bold: 'Bold',
    italic: 'Italic',
    underline: 'Underline',
    strike: 'Strikethrough',
    code: 'Code',
    'heading-1': 'Heading 1',
    'heading-2': 'Heading 2',
    'heading-3': 'Heading 3',
    'bullet-list': 'Bullet list',
    'ordered-list': 'Numbered list',
    'task-list': 'Task list',
    quote: 'Quote',
    'code-block': 'Code block',
    paragraph: 'Text',
    image: 'Image',
    file: 'File',
    divider: 'Divider',
    link: 'Link',
    'block-menu': 'Block menu',
    'move-up': 'Move up',
    'move-down': 'Move down',
    duplicate: 'Duplicate',
    'link-to-block': 'Copy link to block',
    delete: 'Delete block',
    import: 'Import Markdown or HTML…',
    find: 'Find',
    replace: 'Find and replace',
    'focus-mode': 'Focus mode',
    'full-width': 'Full width',
    typography: 'Typographic quotes and dashes',
    palette: 'Go to…',
    shortcuts: 'Keyboard shortcuts',
    subscript: 'Subscript',
    superscript: 'Superscript',
    highlight: 'Highlight',
    'align-start': 'Align to the start',
    'align-center': 'Center',
    'align-end': 'Align to the end',
    'align-justify': 'Justify',
    outdent: 'Indent less',
    indent: 'Indent more',
    'clear-format': 'Clear formatting',
    callout: 'Callout',
    toggle: 'Toggle',
    table: 'Table',
    date: 'Date',
    mention: 'Mention',
    contents: 'Table of contents',
    footnote: 'Footnote',
    formula: 'Formula',
    'formula-block': 'Formula block',
    diagram: 'Diagram',
    embed: 'Embed or link card',
    'link-card': 'Link card',
    'callout-icon': 'Callout icon',
  },

  colours: {
    menu: 'Colours',
    text: 'Text',
    highlight: 'Highlight',
    none: 'None',
    names: {
      gray: 'Gray',
      red: 'Red',
      orange: 'Orange',
      yellow: 'Yellow',
      green: 'Green',
      blue: 'Blue',
      purple: 'Purple',
      pink: 'Pink',
    },
  },

  beside: async () => (await import('./beside/en.ts')).besideWords,

  importing: {
    done: (name: string) => `${name} imported`,
    tooLarge: (name: string, most: string) => `${name} is too large: at most ${most}`,
    unreadable: (name: string) => `${name} holds no text that can be read`,
    failed: 'The file could not be imported.',
  },
  media: {
    unnamed: 'File',
    tooLarge: (name: string, most: string) => `${name} is too large: at most ${most}`,
    notAdded: 'The file could not be added.',
    picturesLost: 'Not every picture could be pasted. Copy it alone, or drag in its file.',
    shown: async () => (await import('./media/en.ts')).mediaWords,
  },

  container: {
    kind: 'Kind of callout',
    note: 'Note',
    info: 'Important',
    success: 'Tip',
    warning: 'Warning',
    danger: 'Caution',
    hideBelow: 'Hide what is below',
    showBelow: 'Show what is below',
    iconIs: (icon: string | null) => (icon === null ? 'Icon of the kind' : `Icon: ${icon}`),
  },

  alsoCalled: async () => (await import('./called/en.ts')).alsoCalled,

  math: { source: 'Formula in TeX', nothing: 'Empty formula' },

  source: async () => (await import('./source/en.ts')).sourceWords,

  contents: { title: 'Table of contents', nothing: 'No headings yet' },

  footnotes: {
    sign: (number: number) => count(number, { one: '#', other: '#' }),
    note: (number: number) => count(number, { one: 'Footnote #', other: 'Footnote #' }),
    lacking: (number: number) =>
      count(number, { one: 'Footnote #, which has no note', other: 'Footnote #, which has no note' }),
    back: (number: number) =>
      count(number, { one: 'Back to the text from footnote #', other: 'Back to the text from footnote #' }),
    unreferenced: 'Note without a reference',
    refer: 'Refer to it at the caret',
    remove: 'Delete note',
  },

  companions: async () => (await import('./companions/en.ts')).companionWords,

  counts: async () => (await import('./counts/en.ts')).countsWords,

  palette: async () => (await import('./palette/en.ts')).paletteWords,

  shortcuts: async () => (await import('./shortcuts/en.ts')).shortcutWords,

  together: {
    joined: (name: string) => `${name} is here`,
    joinedMany: (number: number) =>
      count(number, { one: '1 more person is here', other: '# more people are here' }),
    follow: (name: string) => `Follow ${name}`,
    away: (name: string) => `${name}, away`,
    following: (name: string) => `You follow ${name}. Escape or scrolling ends it.`,
    stopped: (name: string) => `You no longer follow ${name}`,
    nowhere: (name: string) => `${name} is nowhere in the text yet`,
  },

  quotes: { open: '“', close: '”', openInner: '‘', closeInner: '’' },
};

/** The messages of the interface. Each language file is of this type: a missing message or one too many is an error. */
export type Words = typeof en;
