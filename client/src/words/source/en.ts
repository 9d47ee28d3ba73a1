/** What is said of what stands as its source in the text, which is code and diagrams: English. */
export const sourceWords = {
  code: {
    block: 'Code',
    blockIn: (language: string) => `Code in ${language}`,
    language: 'Language of the code',
    plain: 'Plain text',
    copy: 'Copy code',
    copied: 'Code copied',
  },

  diagram: {
    label: 'Diagram',
    nothing: 'Empty diagram',
    unknown: 'This is no kind of diagram that can be drawn here.',
    wrong: (line: number) => `The diagram can’t be drawn: line ${String(line)} means nothing.`,
    failed: (words: string) =>
      words === '' ? 'The diagram can’t be drawn.' : `The diagram can’t be drawn: ${words}`,
    large: 'This is too large to be drawn.',
    slow: 'Drawing this took too long, and was stopped.',
    away: 'Diagrams can’t be drawn without a connection yet.',
  },
};

/** Each language has the same messages. */
export type SourceWords = typeof sourceWords;
