import { count } from '../en.ts';

/** What is said of what stands over the page while somebody works in a document: English. */
export const companionWords = {
  find: {
    title: 'Find',
    find: 'Find in the document',
    matchCase: 'Match case',
    wholeWord: 'Whole words',
    regex: 'Regular expression',
    previous: 'Previous match',
    next: 'Next match',
    replaceMore: 'Replace…',
    replaceWith: 'Replace with',
    replace: 'Replace',
    replaceAll: 'Replace all',
    replaced: (number: number) => count(number, { one: '1 place replaced', other: '# places replaced' }),
    position: (current: string, all: string) => `${current} of ${all}`,
    searching: 'Searching…',
    nothing: 'Not found',
    slow: 'This pattern takes too long',
    wrong: 'No regular expression',
  },

  slash: {
    title: 'Insert',
    nothing: 'Nothing is called that',
    results: (number: number) => count(number, { one: '1 result', other: '# results' }),
  },

  mention: {
    title: 'Mention a person, a document or a day',
    days: { today: 'Today', tomorrow: 'Tomorrow', yesterday: 'Yesterday' },
    put: (name: string) => `Inserted: ${name}`,
  },

  bubble: { selection: 'Selected text', link: 'Link', card: 'Turn into a link card' },

  emoji: { title: 'Emoji', search: 'Search emoji (English names)' },

  link: {
    title: 'Link',
    address: 'Address',
    apply: 'Apply',
    open: 'Open',
    edit: 'Edit link',
    remove: 'Remove link',
    wrong: 'That is no address that a link can lead to.',
  },
};

/** Each language has the same messages. */
export type CompanionWords = typeof companionWords;
