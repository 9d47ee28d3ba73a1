import { isNoteId } from '../atoms.ts';
import { isLeftOut } from './left-out.ts';
import { readStyle } from './styles.ts';
import { isBlank, madeElement, textWithin, withoutBeginning } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** What refers to a note is no longer than this, UTF-16 units: `[12]`, `*`, `[note 3]`. */
const LONGEST_SIGN = 14;
const SIGN = /^\[?(?:\p{L}{1,6}\s)?[\p{L}\p{N}*†‡§¶]{1,4}\]?$/u;
/** What holds the words of one note. */
const HOLDS_NOTE = /^(?:p|li|div|aside|section|dd|td)$/;
const HEADING = /^h[1-6]$/;
/** Blanks that parted a note's sign from its words go with that. */
const FIRST_BLANKS = /^[\s\u00a0]+/;

/** A link within the page: where it stands, and the element that it leads to. */
interface InnerLink {
  readonly link: HtmlElement;
  readonly to: HtmlElement;
}

/**
 * The footnotes of other programs as ours write them: references become `<sup data-footnote>`, and the notes
 * `<aside data-footnote>` behind the page. A footnote is told by two links that lead to each other: from a short sign in
 * the text to a place behind it, and from there back. So Word, Google Docs, LibreOffice, Pandoc, GitHub and Wikipedia write them.
 */
export function withFootnotes(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  const page = new Page(nodes);
  const notes = page.notes();
  if (notes.length === 0) return nodes;
  const changed = new Map<HtmlElement, HtmlNode[]>();
  const taken = new Set<string>();
  const asides = notes.map(({ references, holder, backs, name }) => {
    let id = isNoteId(name) ? name : '';
    for (let count = 1; id === '' || taken.has(id); count += 1) id = `note-${String(count)}`;
    taken.add(id);
    for (const sign of references)
      changed.set(page.withSup(sign), [madeElement('sup', { 'data-footnote': id }, [])]);
    changed.set(holder, []);
    for (const back of backs) changed.set(page.withSup(back), []);
    return { id, holder };
  });
  for (const { holder } of asides) for (const one of page.around(holder)) changed.set(one, []);
  const write = page.writer(changed);
  const behind = asides.map(({ id, holder }) =>
    madeElement(
      'aside',
      { 'data-footnote': id },
      withoutBeginning(holder.children.flatMap(write), FIRST_BLANKS),
    ),
  );
  return [...nodes.flatMap(write), ...behind];
}

interface Found {
  readonly name: string;
  /** The links in the text. */
  readonly references: readonly HtmlElement[];
  /** What holds the note's words, and the links back in it. */
  readonly holder: HtmlElement;
  readonly backs: readonly HtmlElement[];
}

/** A page with what is known of its elements' places. */
class Page {
  readonly #parents = new Map<HtmlElement, HtmlElement | null>();
  readonly #order = new Map<HtmlElement, number>();
  readonly #siblings = new Map<HtmlElement, readonly HtmlNode[]>();
  readonly #links: InnerLink[] = [];

  constructor(nodes: readonly HtmlNode[]) {
    const named = new Map<string, HtmlElement>();
    const links: { link: HtmlElement; name: string }[] = [];
    const waiting: { node: HtmlNode; parent: HtmlElement | null; among: readonly HtmlNode[] }[] = [];
    const wait = (among: readonly HtmlNode[], parent: HtmlElement | null) => {
      for (const node of among.toReversed()) waiting.push({ node, parent, among });
    };
    wait(nodes, null);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, parent, among } = next;
      if (node.type === 'text' || isLeftOut(node)) continue;
      this.#parents.set(node, parent);
      this.#siblings.set(node, among);
      this.#order.set(node, this.#order.size);
      for (const name of [node.attribute('id'), node.name === 'a' ? node.attribute('name') : null])
        if (name !== null && !named.has(name)) named.set(name, node);
      const href = node.name === 'a' ? node.attribute('href') : null;
      if (href?.startsWith('#') === true) links.push({ link: node, name: href.slice(1) });
      wait(node.children, node);
    }
    for (const { link, name } of links) {
      const to = named.get(name);
      if (to) this.#links.push({ link, to });
    }
  }

  /** The footnotes, in the order of their first references. */
  notes(): Found[] {
    const back = new Map<HtmlElement, InnerLink[]>();
    for (const inner of this.#links) {
      const known = back.get(inner.to);
      if (known) known.push(inner);
      else back.set(inner.to, [inner]);
    }
    const found = new Map<HtmlElement, { references: HtmlElement[]; backs: Set<HtmlElement> }>();
    for (const { link, to } of this.#links) {
      if (!isSign(link) || this.#place(to) < this.#place(link) || this.#isOurs(link)) continue;
      const holder = this.#holder(to);
      if (!holder || this.#isWithin(link, holder)) continue;
      // The link back leads to the sign, or to what stands closely around it.
      const places = [link, this.#parents.get(link), this.#parents.get(this.#parents.get(link) ?? link)];
      const backs = places
        .flatMap((place) => (place ? (back.get(place) ?? []) : []))
        .map((inner) => inner.link)
        .filter((one) => one === to || this.#isWithin(one, holder));
      const known = found.get(to);
      if (backs.length === 0 && !known) continue;
      const note = known ?? { references: [], backs: new Set<HtmlElement>() };
      note.references.push(link);
      for (const one of backs) note.backs.add(one);
      found.set(to, note);
    }
    const targets = [...found.keys()];
    const used = new Set<HtmlElement>();
    return targets.flatMap((to): Found[] => {
      const note = found.get(to);
      const holder = this.#widened(to, targets);
      if (!note || !holder || used.has(holder)) return [];
      used.add(holder);
      const name = to.attribute('id') ?? to.attribute('name') ?? '';
      return [{ name, references: note.references, holder, backs: [...note.backs] }];
    });
  }

  /** A link, or the raised text that holds nothing else. */
  withSup(link: HtmlElement): HtmlElement {
    const parent = this.#parents.get(link);
    const alone = parent?.name === 'sup' && parent.children.every((node) => node === link || isBlank(node));
    return parent && alone ? parent : link;
  }

  /** The line, heading and breaks that part a note from the text. */
  around(holder: HtmlElement): HtmlElement[] {
    const found: HtmlElement[] = [];
    const parts = (node: HtmlNode | undefined) =>
      node?.type === 'element' &&
      (node.name === 'hr' || (node.name === 'br' && node.attribute('clear') !== null));
    const among = this.#siblings.get(holder) ?? [];
    for (let at = among.indexOf(holder) - 1; at >= 0; at -= 1) {
      const node = among[at];
      if (parts(node) && node?.type === 'element') found.push(node);
      else if (node && (node.type === 'element' || !isBlank(node))) break;
    }
    for (let at = this.#parents.get(holder); at; at = this.#parents.get(at)) {
      if (!isSection(at)) continue;
      for (const node of at.children)
        if (node.type === 'element' && (parts(node) || HEADING.test(node.name))) found.push(node);
      break;
    }
    return found;
  }

  /** Writes a part of the page with what `changed` has in place of some elements. What lies above them is made as it is read. */
  writer(changed: ReadonlyMap<HtmlElement, readonly HtmlNode[]>): (node: HtmlNode) => readonly HtmlNode[] {
    const above = new Set<HtmlElement>();
    for (const element of changed.keys())
      for (let at = this.#parents.get(element); at && !above.has(at); at = this.#parents.get(at))
        above.add(at);
    const write = (node: HtmlNode): readonly HtmlNode[] => {
      if (node.type === 'text') return [node];
      const instead = changed.get(node);
      if (instead) return instead;
      if (!above.has(node)) return [node];
      const { name, attribute } = node;
      let children: readonly HtmlNode[] | null = null;
      return [
        {
          type: 'element',
          name,
          attribute,
          get children() {
            return (children ??= node.children.flatMap(write));
          },
        },
      ];
    };
    return write;
  }

  #place(element: HtmlElement): number {
    return this.#order.get(element) ?? 0;
  }

  /** The block that a note's target is, or stands in. */
  #holder(to: HtmlElement): HtmlElement | null {
    let at: HtmlElement | null | undefined = to;
    while (at && !HOLDS_NOTE.test(at.name)) {
      if (HEADING.test(at.name)) return null;
      at = this.#parents.get(at);
    }
    return at ?? null;
  }

  /** That block, or the box around its first paragraph which holds no other note. */
  #widened(to: HtmlElement, targets: readonly HtmlElement[]): HtmlElement | null {
    const holder = this.#holder(to);
    const box = holder?.name === 'p' ? this.#parents.get(holder) : null;
    if (!box || !/^(?:div|li)$/.test(box.name) || isSection(box)) return holder;
    const first = box.children.find((node) => node.type === 'element');
    const only = targets.every((other) => other === to || !this.#isWithin(other, box));
    const plain = box.children.every((node) => node.type === 'text' || !HEADING.test(node.name));
    return first === holder && only && plain ? box : holder;
  }

  #isWithin(element: HtmlElement, holder: HtmlElement): boolean {
    let at: HtmlElement | null | undefined = element;
    while (at && at !== holder) at = this.#parents.get(at);
    return at === holder;
  }

  #isOurs(link: HtmlElement): boolean {
    return this.#parents.get(link)?.attribute('data-footnote') != null;
  }
}

function isSign(link: HtmlElement): boolean {
  return SIGN.test(textWithin(link, LONGEST_SIGN).trim());
}

/** Whether an element says that it holds a page's notes. */
function isSection(element: HtmlElement): boolean {
  const told = `${element.attribute('class') ?? ''} ${element.attribute('role') ?? ''}`;
  return (
    /(?:^|\s)(?:footnotes|references|doc-endnotes)(?:\s|$)/.test(told) ||
    readStyle(element.attribute('style')).get('mso-element') === 'footnote-list'
  );
}
