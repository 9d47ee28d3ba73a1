import type { Page } from '@playwright/test';
import type { KindName } from '@sheaf/schema/every-block-for-tests';
import { editor, expect, press } from './site.ts';

type Act = (page: Page) => Promise<void>;

/** How a block, a thing in a text, or a mark is made and told in a browser. */
export interface Shown {
  /** Makes it on an empty line, by keys alone. */
  readonly make: readonly Act[];
  /** Leads from there to an empty line behind it; Enter, unless told. */
  readonly leave?: Act;
  /** Makes it on an empty line by touch, where a keyboard on a screen has no other keys than letters and Enter. */
  readonly touch: readonly Act[];
  /** Which element it is. */
  readonly selector: string;
  /** How a screen reader is told of it: a part of Playwright's snapshot of roles and names. */
  readonly said: RegExp;
  /** What of it also those programs get that know no more than text; nothing where it has none. */
  readonly words?: string;
}

const type =
  (words: string): Act =>
  (page) =>
    page.keyboard.type(words);

const keys =
  (...all: string[]): Act =>
  (page) =>
    press(page, ...all);

/** Looks for a command behind a slash, and takes it. */
const slash =
  (id: string, search: string): Act =>
  async (page) => {
    await page.keyboard.type(`/${search}`);
    const first = page.getByTestId('slash-menu').getByRole('option').first();
    await expect(first).toHaveAttribute('data-testid', `slash-${id}`);
    await press(page, 'Enter');
  };

/** The same by a finger. */
const tapped =
  (id: string, search: string): Act =>
  async (page) => {
    await page.keyboard.type(`/${search}`);
    await page.getByTestId(`slash-${id}`).tap();
  };

/** Takes the first thing that the list offers which a sign opens. */
const offered =
  (sign: string, menu: string, how: 'key' | 'tap'): Act =>
  async (page) => {
    await page.keyboard.type(sign);
    const first = page.getByTestId(menu).getByRole('option').first();
    if (how === 'tap') await first.tap();
    else {
      await expect(first).toHaveAttribute('aria-selected', 'true');
      await press(page, 'Enter');
    }
  };

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const FILES = {
  image: { name: 'ruby.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') },
  file: { name: 'sapphire.txt', mimeType: 'text/plain', buffer: Buffer.from('sapphire '.repeat(100)) },
};

/** Answers the browser's own box for files, which `open` opens. */
const choose =
  (kind: 'image' | 'file', open: Act): Act =>
  async (page) => {
    const chooser = page.waitForEvent('filechooser');
    await open(page);
    await (await chooser).setFiles(FILES[kind]);
    await expect(editor(page).locator(`figure[data-media=${kind}]`)).toHaveClass(/selected/);
  };

/** Fills in a card: its address, and its title. */
const card =
  (address: string, name: string): Act =>
  async (page) => {
    await expect(page.getByTestId('card-address').last()).toBeFocused();
    await page.keyboard.type(address);
    await press(page, 'Enter', 'Enter');
    await expect(page.getByTestId('card-title').last()).toBeFocused();
    await page.keyboard.type(name);
    await press(page, 'Enter');
  };

const linked: Act = async (page) => {
  await expect(page.getByTestId('link-address')).toBeFocused();
  await page.keyboard.type('https://example.org/rutile');
  await press(page, 'Enter');
};

/** Red, from the menu of colours, by keys. */
const reddened: Act = async (page) => {
  await press(page, 'Alt+F10', 'End', 'ArrowLeft', 'Enter');
  await expect(page.getByRole('menu', { name: 'Colours' })).toBeVisible();
  await press(page, 'ArrowRight', 'ArrowRight', 'Enter');
};

const colour: Act = async (page) => {
  await page.getByTestId('format-colours').tap();
  await page.getByTestId('color-red').tap();
};

/** A button of the bar, or of what is folded out of it. */
const button =
  (id: string): Act =>
  async (page) => {
    const inBar = page.getByTestId(`format-${id}`);
    if (await inBar.isVisible()) return inBar.tap();
    await page.getByTestId('format-more').tap();
    await page.getByTestId('format-menu').getByTestId(`item-${id}`).tap();
  };

/** As a long press does. */
const selectWord = keys('Control+Shift+ArrowLeft');
const marked = (word: string, key: string) => [keys(key), type(word), keys(key)];
const markedByTouch = (word: string, id: string) => [type(word), selectWord, button(id), keys('End')];
const TWICE = keys('Enter', 'Enter');
const OUT_OF_CODE = keys('Enter', 'Enter', 'Enter');

/** Every row of the table, as a browser has it. */
export const SHOWN: Readonly<Record<KindName, Shown>> = {
  paragraph: {
    make: [type('amber beryl')],
    touch: [type('amber beryl')],
    selector: 'p:text-is("amber beryl")',
    said: /paragraph: amber beryl/,
    words: 'amber beryl',
  },
  heading: {
    make: [slash('heading-2', 'heading 2'), type('coral diamond')],
    touch: [tapped('heading-2', 'heading 2'), type('coral diamond')],
    selector: 'h2',
    said: /heading "coral diamond" \[level=2\]/,
    words: 'coral diamond',
  },
  'bulleted list': {
    make: [slash('bullet-list', 'bullet'), type('emerald'), keys('Enter'), type('flint')],
    leave: TWICE,
    touch: [tapped('bullet-list', 'bullet'), type('emerald\nflint')],
    selector: 'ul:not([data-type]):has(> li)',
    said: /list:\s+- listitem:\s+- paragraph: emerald/,
    words: 'flint',
  },
  'ordered list': {
    make: [slash('ordered-list', 'numbered'), type('garnet'), keys('Enter'), type('granite')],
    leave: TWICE,
    touch: [tapped('ordered-list', 'numbered'), type('garnet\ngranite')],
    selector: 'ol',
    said: /list:\s+- listitem:\s+- paragraph: garnet/,
    words: 'granite',
  },
  'task list': {
    make: [slash('task-list', 'task'), type('hematite'), keys('Enter'), type('iolite')],
    leave: TWICE,
    touch: [tapped('task-list', 'task'), type('hematite\niolite')],
    selector: 'ul[data-type=taskList]',
    said: /checkbox "Task: hematite"/,
    words: 'iolite',
  },
  quote: {
    make: [slash('quote', 'quote'), type('jasper')],
    leave: TWICE,
    touch: [tapped('quote', 'quote'), type('jasper')],
    selector: 'blockquote',
    said: /blockquote:\s+- paragraph: jasper/,
    words: 'jasper',
  },
  callout: {
    make: [slash('callout', 'callout'), type('kyanite')],
    leave: TWICE,
    touch: [tapped('callout', 'callout'), type('kyanite')],
    selector: '[data-callout]',
    said: /note[^\n]*:[^]*paragraph: kyanite/,
    words: 'kyanite',
  },
  toggle: {
    make: [slash('toggle', 'toggle'), type('lapis'), keys('Enter'), type('malachite')],
    leave: TWICE,
    touch: [tapped('toggle', 'toggle'), type('lapis\nmalachite')],
    selector: '.toggle',
    said: /button "Hide what is below" \[expanded\]\s+- paragraph: lapis/,
    words: 'malachite',
  },
  divider: {
    make: [slash('divider', 'divider')],
    leave: keys(),
    touch: [tapped('divider', 'divider')],
    selector: 'hr',
    said: /separator/,
  },
  table: {
    make: [slash('table', 'table'), type('nephrite'), keys('Tab'), type('onyx'), keys('Tab'), type('opal')],
    leave: keys('ArrowDown', 'ArrowDown', 'ArrowDown'),
    touch: [tapped('table', 'table'), type('nephrite')],
    selector: 'table',
    said: /table[^\n]*:[^]*columnheader "nephrite"/,
    words: 'nephrite',
  },
  code: {
    make: [slash('code-block', 'code'), type('quartz = 1;')],
    leave: OUT_OF_CODE,
    touch: [tapped('code-block', 'code'), type('quartz = 1;')],
    selector: 'pre:has-text("quartz")',
    said: /code[^\n]*: quartz = 1;/,
    words: 'quartz = 1;',
  },
  image: {
    make: [choose('image', slash('image', 'image'))],
    leave: keys('ArrowDown'),
    touch: [choose('image', tapped('image', 'image'))],
    selector: 'figure[data-media=image]',
    said: /figure "Image without a description"/,
  },
  file: {
    make: [choose('file', slash('file', 'file'))],
    leave: keys('ArrowDown'),
    touch: [choose('file', tapped('file', 'file'))],
    selector: 'figure[data-media=file]',
    said: /figure "sapphire\.txt/,
    words: 'sapphire.txt',
  },
  embed: {
    make: [slash('embed', 'embed'), card('https://youtu.be/M7lc1UVf-VE', 'spinel')],
    leave: keys('ArrowDown'),
    touch: [tapped('embed', 'embed'), card('https://youtu.be/M7lc1UVf-VE', 'spinel')],
    selector: 'figure[data-media=embed]:has([href*=youtu])',
    said: /figure "spinel, link to youtu\.be"/,
    words: 'https://youtu.be/M7lc1UVf-VE',
  },
  'link card': {
    make: [slash('embed', 'link card'), card('https://example.org/topaz', 'topaz')],
    leave: keys('ArrowDown'),
    touch: [tapped('embed', 'link card'), card('https://example.org/topaz', 'topaz')],
    selector: 'figure[data-media=embed]:has([href*=topaz])',
    said: /figure "topaz, link to example\.org"/,
    words: 'https://example.org/topaz',
  },
  'formula block': {
    make: [slash('formula-block', 'formula block'), type('turquoise^2')],
    leave: OUT_OF_CODE,
    touch: [tapped('formula-block', 'formula block'), type('turquoise^2')],
    selector: '.math-block',
    said: /math/,
    words: 'turquoise^2',
  },
  diagram: {
    make: [slash('diagram', 'diagram')],
    leave: OUT_OF_CODE,
    touch: [tapped('diagram', 'diagram')],
    selector: '.diagram-block',
    said: /img/,
    words: 'flowchart LR',
  },
  footnote: {
    make: [type('alabaster[^1]'), type('basalt'), keys('Control+Alt+n')],
    touch: [type('alabaster[^1]'), type('basalt'), (page) => page.getByTestId('footnote-back').tap()],
    selector: '[role=doc-noteref]',
    said: /Footnote 1/,
    words: 'alabaster',
  },
  'table of contents': {
    make: [slash('contents', 'contents')],
    leave: keys(),
    touch: [tapped('contents', 'contents')],
    selector: '[data-testid=contents]',
    said: /navigation "Table of contents"/,
  },
  'formula in a line': {
    make: [type('chalk $$x^2$$ cobalt')],
    touch: [type('chalk $$x^2$$ cobalt')],
    selector: 'p .math',
    said: /paragraph:\s+- text: chalk\s+- math/,
    words: 'x^2',
  },
  'mention of a person': {
    make: [type('copper '), offered('@ada', 'mention-menu', 'key'), type(' feldspar')],
    touch: [type('copper '), offered('@ada', 'mention-menu', 'tap'), type(' feldspar')],
    selector: 'p span.atom:not(.math)',
    said: /copper @Ada feldspar/,
    words: 'Ada',
  },
  'mention of a document': {
    make: [type('galena '), offered('@launch', 'mention-menu', 'key'), type(' gypsum')],
    touch: [type('galena '), offered('@launch', 'mention-menu', 'tap'), type(' gypsum')],
    selector: 'p a.atom',
    said: /link "Launch plan"/,
    words: 'Launch plan',
  },
  date: {
    make: [type('halite '), offered('@tomorrow', 'mention-menu', 'key'), type(' iron')],
    touch: [type('halite '), offered('@tomorrow', 'mention-menu', 'tap'), type(' iron')],
    selector: 'time',
    said: /time: \w{3} \d+, \d{4}/,
  },
  emoji: {
    make: [type('jade '), offered(':smile', 'emoji-menu', 'key'), type(' kaolin')],
    touch: [type('jade '), offered(':smile', 'emoji-menu', 'tap'), type(' kaolin')],
    selector: 'p:has-text("kaolin")',
    said: /jade \p{Emoji} ?kaolin/u,
    words: 'kaolin',
  },
  bold: {
    make: marked('lead', 'Control+b'),
    touch: markedByTouch('lead', 'bold'),
    selector: 'strong',
    said: /strong: lead/,
    words: 'lead',
  },
  italic: {
    make: marked('marble', 'Control+i'),
    touch: markedByTouch('marble', 'italic'),
    selector: 'em',
    said: /emphasis: marble/,
    words: 'marble',
  },
  underline: {
    make: marked('mica', 'Control+u'),
    touch: markedByTouch('mica', 'underline'),
    selector: 'u',
    said: /mica/,
    words: 'mica',
  },
  strike: {
    make: marked('nickel', 'Control+Shift+s'),
    touch: markedByTouch('nickel', 'strike'),
    selector: 's',
    said: /nickel/,
    words: 'nickel',
  },
  'code in a line': {
    make: marked('obsidian', 'Control+e'),
    touch: markedByTouch('obsidian', 'code'),
    selector: 'p code',
    said: /code: obsidian/,
    words: 'obsidian',
  },
  subscript: {
    make: marked('olivine', 'Control+,'),
    touch: markedByTouch('olivine', 'subscript'),
    selector: 'sub',
    said: /subscript: olivine/,
    words: 'olivine',
  },
  superscript: {
    make: marked('platinum', 'Control+.'),
    touch: markedByTouch('platinum', 'superscript'),
    selector: 'sup:has-text("platinum")',
    said: /superscript: platinum/,
    words: 'platinum',
  },
  highlight: {
    make: marked('pumice', 'Control+Shift+h'),
    touch: markedByTouch('pumice', 'highlight'),
    selector: 'mark',
    said: /mark: pumice/,
    words: 'pumice',
  },
  'text colour': {
    make: [type('pyrite'), selectWord, reddened, keys('End')],
    touch: [type('pyrite'), selectWord, colour, keys('End')],
    selector: 'span[data-color=red]',
    said: /pyrite/,
    words: 'pyrite',
  },
  link: {
    make: [type('rutile'), selectWord, keys('Control+k'), linked, keys('End')],
    touch: [type('rutile'), selectWord, button('link'), linked, keys('End')],
    selector: 'p a:not(.atom)',
    said: /link "rutile"/,
    words: 'rutile',
  },
  alignment: {
    make: [type('sandstone'), keys('Control+Shift+e')],
    leave: keys('Enter', 'Control+Shift+l'),
    touch: [type('sandstone'), button('align-center')],
    selector: 'p[data-align=center]',
    said: /paragraph: sandstone/,
    words: 'sandstone',
  },
};
