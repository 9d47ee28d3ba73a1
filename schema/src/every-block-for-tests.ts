import type { Node } from '@tiptap/pm/model';

/** What each block and mark is asked for before it counts, in the order in which it is told. */
export const WAYS = [
  'insert',
  'turn into',
  'paste',
  'copy',
  'undo',
  'at the same time',
  'keyboard',
  'screen reader',
  'phone',
  'print',
  'Markdown',
] as const;
/** One of {@link WAYS}. */
export type Way = (typeof WAYS)[number];

/** What a block, a thing in a text, or a mark is, and what is asked of it. */
export interface Kind {
  /** `block`: stands between others; `inline`: a thing within a text; `mark`: what a text looks like. */
  readonly of: 'block' | 'inline' | 'mark';
  /** One of it, exactly as it is written; each word of it once in all rows. */
  readonly markdown: string;
  /** The node or mark that it is, and the attributes or signs that tell it from others of that name. */
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly sign?: string;
  /** One as another program has it on a clipboard, where there is a way to say it. */
  readonly foreign?: string;
  /** The command that makes a line of text one; the line, where it is not any. */
  readonly turn?: string;
  readonly line?: string;
  /** Why something is not asked of it. */
  readonly not?: Readonly<Partial<Record<Way, string>>>;
}

const UPLOAD = `upload:${'0123456789abcdef'.repeat(4)}`;
const NO_TEXT = 'it holds no text that could be something else';
const IN_A_LINE = 'it is a part of a line';
const A_MARK = 'marks are put on and taken off';

const mark = (of: Omit<Kind, 'of' | 'not'>): Kind => ({ ...of, of: 'mark', not: { 'turn into': A_MARK } });
const inline = (of: Omit<Kind, 'of' | 'not'>): Kind => ({
  ...of,
  of: 'inline',
  not: { 'turn into': IN_A_LINE },
});

/** Every block, thing in a text, and mark of the editor. The browser's stories have how each is made. */
export const KINDS = {
  paragraph: {
    of: 'block',
    markdown: 'amber beryl',
    type: 'paragraph',
    foreign: '<p>amber beryl</p>',
    turn: 'paragraph',
  },
  heading: {
    of: 'block',
    markdown: '## coral diamond',
    type: 'heading',
    attrs: { level: 2 },
    foreign: '<h2>coral diamond</h2>',
    turn: 'heading-2',
  },
  'bulleted list': {
    of: 'block',
    markdown: '- emerald\n- flint',
    type: 'bulletList',
    foreign: '<ul><li>emerald<li>flint</ul>',
    turn: 'bullet-list',
  },
  'ordered list': {
    of: 'block',
    markdown: '3. garnet\n4. granite',
    type: 'orderedList',
    foreign: '<ol start=3><li>garnet<li>granite</ol>',
    turn: 'ordered-list',
  },
  'task list': {
    of: 'block',
    markdown: '- [x] hematite\n- [ ] iolite',
    type: 'taskList',
    foreign: '<ul><li><input type=checkbox checked>hematite<li><input type=checkbox>iolite</ul>',
    turn: 'task-list',
  },
  quote: {
    of: 'block',
    markdown: '> jasper',
    type: 'blockquote',
    foreign: '<blockquote><p>jasper</p></blockquote>',
    turn: 'quote',
  },
  callout: {
    of: 'block',
    markdown: '> [!NOTE]\n>\n> kyanite',
    type: 'callout',
    turn: 'callout',
  },
  toggle: {
    of: 'block',
    markdown: '<details>\n<summary>\n\nlapis\n\n</summary>\n\nmalachite\n\n</details>',
    type: 'toggle',
    foreign: '<details><summary>lapis</summary><p>malachite</p></details>',
    turn: 'toggle',
  },
  divider: {
    of: 'block',
    markdown: '---',
    type: 'horizontalRule',
    foreign: '<hr>',
    not: { 'turn into': NO_TEXT },
  },
  table: {
    of: 'block',
    markdown: '| nephrite | onyx |\n| --- | --- |\n| opal | pearl |',
    type: 'table',
    foreign: '<table><tr><th>nephrite<th>onyx<tr><td>opal<td>pearl</table>',
    not: { 'turn into': 'a line has no cells; what stands in a cell is turned there' },
  },
  code: {
    of: 'block',
    markdown: '```js\nquartz = 1;\n```',
    type: 'codeBlock',
    foreign: '<pre><code class="language-js">quartz = 1;</code></pre>',
    turn: 'code-block',
  },
  image: {
    of: 'block',
    markdown: `![ruby](${UPLOAD})`,
    type: 'image',
    foreign: '<img src="https://example.org/ruby.png" alt="ruby" width=400 height=200>',
    not: { 'turn into': NO_TEXT },
  },
  file: {
    of: 'block',
    markdown: `<!-- file: {"src":"${UPLOAD}","name":"sapphire.txt","bytes":1500} -->\n\n[sapphire.txt](<${UPLOAD.replace(':', '&#58;')}>)`,
    type: 'file',
    not: { 'turn into': NO_TEXT },
  },
  embed: {
    of: 'block',
    markdown: '[spinel](https://www.youtube.com/watch?v=M7lc1UVf-VE "card")',
    type: 'embed',
    attrs: { url: 'https://www.youtube.com/watch?v=M7lc1UVf-VE' },
    foreign: '<iframe src="https://www.youtube.com/embed/M7lc1UVf-VE"></iframe>',
    turn: 'link-card',
    line: '[spinel](https://www.youtube.com/watch?v=M7lc1UVf-VE)',
  },
  'link card': {
    of: 'block',
    markdown: '[topaz](https://example.org/topaz "card")',
    type: 'embed',
    attrs: { url: 'https://example.org/topaz' },
    turn: 'link-card',
    line: '[topaz](https://example.org/topaz)',
  },
  'formula block': {
    of: 'block',
    markdown: '$$\nturquoise^2\n$$',
    type: 'codeBlock',
    attrs: { language: 'math' },
    foreign:
      '<p><span class="katex-display"><math display="block"><semantics><mi>t</mi><annotation encoding="application/x-tex">turquoise^2</annotation></semantics></math></span></p>',
    turn: 'formula-block',
  },
  diagram: {
    of: 'block',
    markdown: '```mermaid\nflowchart LR\n  zircon --> agate\n```',
    type: 'codeBlock',
    attrs: { language: 'mermaid' },
    foreign: '<pre><code class="language-mermaid">flowchart LR\n  zircon --> agate</code></pre>',
    turn: 'diagram',
  },
  footnote: inline({
    markdown: 'alabaster[^a]\n\n[^a]: basalt',
    type: 'footnoteReference',
    foreign:
      '<p>alabaster<sup id="fnref1"><a href="#fn1">1</a></sup></p><ol><li id="fn1"><p>basalt <a href="#fnref1">↩</a></p></li></ol>',
  }),
  'table of contents': {
    of: 'block',
    markdown: '[TOC]',
    type: 'contents',
    not: { 'turn into': NO_TEXT },
  },
  'formula in a line': inline({
    markdown: 'chalk $x^2$ cobalt',
    type: 'math',
    foreign:
      '<p>chalk <span class="katex"><math><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math></span> cobalt</p>',
  }),
  'mention of a person': inline({
    markdown: 'copper <span data-mention="person">Ada</span> feldspar',
    type: 'mention',
    attrs: { mention: 'person' },
  }),
  'mention of a document': inline({
    markdown:
      'galena <a data-mention="document" data-document="plan" href="&#47;d&#47;plan">Launch plan</a> gypsum',
    type: 'mention',
    attrs: { mention: 'document' },
  }),
  date: inline({
    markdown: 'halite <time datetime="2026&#45;11&#45;28">2026&#45;11&#45;28</time> iron',
    type: 'date',
    foreign: '<p>halite <time datetime="2026-11-28">2026-11-28</time> iron</p>',
  }),
  emoji: inline({ markdown: 'jade 😄 kaolin', type: 'text', sign: '😄', foreign: '<p>jade 😄 kaolin</p>' }),
  bold: mark({
    markdown: '**lead**',
    type: 'bold',
    foreign: '<p><b>lead</b></p>',
  }),
  italic: mark({ markdown: '_marble_', type: 'italic', foreign: '<p><i>marble</i></p>' }),
  underline: mark({ markdown: '<u>mica</u>', type: 'underline', foreign: '<p><u>mica</u></p>' }),
  strike: mark({ markdown: '~~nickel~~', type: 'strike', foreign: '<p><del>nickel</del></p>' }),
  'code in a line': mark({ markdown: '`obsidian`', type: 'code', foreign: '<p><code>obsidian</code></p>' }),
  subscript: mark({
    markdown: '<sub>olivine</sub>',
    type: 'script',
    attrs: { position: 'sub' },
    foreign: '<p><sub>olivine</sub></p>',
  }),
  superscript: mark({
    markdown: '<sup>platinum</sup>',
    type: 'script',
    attrs: { position: 'super' },
    foreign: '<p><sup>platinum</sup></p>',
  }),
  highlight: mark({
    markdown: '<mark>pumice</mark>',
    type: 'highlight',
    foreign: '<p><span style="background-color: yellow">pumice</span></p>',
  }),
  'text colour': mark({
    markdown: '<span data-color="red">pyrite</span>',
    type: 'color',
    attrs: { color: 'red' },
    foreign: '<p><span style="color: red">pyrite</span></p>',
  }),
  link: mark({
    markdown: '[rutile](https://example.org/rutile)',
    type: 'link',
    attrs: { href: 'https://example.org/rutile' },
    foreign: '<p><a href="https://example.org/rutile">rutile</a></p>',
  }),
  alignment: {
    ...mark({
      markdown: '<div align="center">\n\nsandstone\n\n</div>',
      type: 'paragraph',
      attrs: { align: 'center' },
      foreign: '<p style="text-align: center">sandstone</p>',
    }),
    not: {},
    turn: 'align-center',
  },
} as const satisfies Readonly<Record<string, Kind>>;
/** The name of a row of {@link KINDS}, as readers are told. */
export type KindName = keyof typeof KINDS;

/** The rows of which a way is asked. */
export function kindsFor(way: Way): { readonly name: KindName; readonly kind: Kind }[] {
  // Its entries have just these names; the library's types say any.
  const all = Object.entries(KINDS) as [KindName, Kind][];
  return all.filter(([, { not }]) => not?.[way] === undefined).map(([name, kind]) => ({ name, kind }));
}

/** How many of a kind a document holds: nodes, or stretches of text with the mark; lines without text do not count. */
export function countOf(doc: Node, { type, attrs = {}, sign = '' }: Kind): number {
  const fits = (one: {
    readonly type: { readonly name: string };
    readonly attrs: Readonly<Record<string, unknown>>;
  }) => one.type.name === type && Object.entries(attrs).every(([name, value]) => one.attrs[name] === value);
  let found = 0;
  doc.descendants((node) => {
    if (node.isTextblock && node.content.size === 0) return;
    if ((fits(node) || node.marks.some(fits)) && (node.text ?? '').includes(sign)) found += 1;
  });
  return found;
}
