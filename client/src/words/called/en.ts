/** What else commands are searched by, words apart: English. */
export const alsoCalled = {
  paragraph: 'paragraph plain body normal',
  'heading-1': 'h1 title big',
  'heading-2': 'h2 subtitle section',
  'heading-3': 'h3 subsection small',
  'bullet-list': 'unordered ul points',
  'ordered-list': 'ol ordered',
  'task-list': 'todo checklist checkbox',
  quote: 'blockquote citation',
  'code-block': 'pre programming',
  image: 'picture photo upload jpg png',
  file: 'attachment upload pdf document',
  divider: 'hr rule line separator',
  date: 'day calendar time',
  mention: 'person people name document link page',
  contents: 'toc headings outline',
  footnote: 'note reference endnote annotation',
  formula: 'math equation tex latex inline',
  'formula-block': 'math equation tex latex display',
  diagram: 'mermaid flowchart graph chart sequence gantt class er pie timeline',
  embed: 'bookmark website url iframe video map youtube vimeo figma google loom codepen openstreetmap',
  'link-card': 'bookmark website url preview',
  outdent: 'outdent indentation left',
  indent: 'indentation tab margin right',
  'callout-icon': 'emoji symbol picture',
};

/** The same in any language: of commands that have other names there. */
export type AlsoCalled = Readonly<Record<keyof typeof alsoCalled, string>>;
