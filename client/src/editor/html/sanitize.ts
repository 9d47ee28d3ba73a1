import { isSafeLink } from '@sheaf/schema/links';

/** Elements that come through, by what text and clipboards are made of; of any other its content stays. */
const ELEMENTS = new Set(
  (
    'a abbr article aside b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption ' +
    'figure footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd label li main mark nav ol p pre q s samp section small ' +
    'span strike strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr'
  ).split(' '),
);
/** Elements that go with all that is in them: what runs, what loads, and what a second parsing could read otherwise. */
const GONE = new Set(
  (
    'applet audio base canvas embed frame frameset iframe link math meta noembed noframes noscript object plaintext ' +
    'portal script select source style svg template textarea title track video xmp'
  ).split(' '),
);
/** Elements without content, and so without an end. */
const VOID = new Set(['br', 'col', 'hr', 'img', 'input', 'wbr']);
/** Attributes that come through as they are, beside `data-…`. */
const ATTRIBUTES = new Set(
  (
    'alt checked class colspan datetime dir disabled headers height lang open reversed rowspan scope span start title type ' +
    'value width'
  ).split(' '),
);
/** Elements within each other; what is deeper loses its elements and keeps its text. */
const DEEPEST = 256;

/**
 * HTML that runs nothing and fetches nothing, made of the HTML that was parsed as `body`: known elements with harmless
 * attributes, written anew, so that it parses as what it was written from. Addresses are those that a document may hold
 * (SPEC FLOW-2); images, styles and identifiers lose theirs.
 */
export function sanitize(body: Element): string {
  return contentOf(body, 0);
}

function contentOf(parent: Element, depth: number): string {
  let html = '';
  for (const child of parent.childNodes) {
    if (child instanceof Text) html += escapeText(child.data);
    else if (child instanceof Element) html += elementOf(child, depth);
  }
  return html;
}

function elementOf(element: Element, depth: number): string {
  const name = element.localName;
  if (GONE.has(name)) return '';
  if (depth >= DEEPEST) return escapeText(element.textContent);
  const content = VOID.has(name) ? '' : contentOf(element, depth + 1);
  if (!ELEMENTS.has(name)) return content;
  const start = `<${name}${attributesOf(element)}>`;
  if (VOID.has(name)) return start;
  // A parser leaves out the first line feed of a `pre`.
  const lost = name === 'pre' && content.startsWith('\n') ? '\n' : '';
  return `${start}${lost}${content}</${name}>`;
}

function attributesOf(element: Element): string {
  let html = '';
  for (const { name, value } of element.attributes) {
    const link = name === 'href' && element.localName === 'a' && isSafeLink(value);
    if (link || ATTRIBUTES.has(name) || /^data-[a-z0-9-]+$/.test(name))
      html += ` ${name}="${escapeText(value)}"`;
  }
  return html;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\u00A0', '&nbsp;');
}
