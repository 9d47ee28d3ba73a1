import { isWebAddress, readMedia } from '@sheaf/schema';
import { embedPlaceOf } from '@sheaf/schema/embed-sites';
import type { EmbedPlace } from '@sheaf/schema/embed-sites';
import type { Node } from '@tiptap/pm/model';
import { addressOf } from '../link/address.ts';
import { Line } from './line.ts';
import type { MediaContent, MediaPlace } from './media-view.ts';

/**
 * What a frame may do: run its site's own page, with that site's own storage, and open windows. It cannot lead this page
 * elsewhere, nor reach into it: its origin is never this page's.
 */
const SANDBOX =
  'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation';
const ALLOWED = 'fullscreen; picture-in-picture';

/** Longest address, UTF-16 units (`isSafeLink`). */
const LONGEST_ADDRESS = 4096;

/**
 * A link card on the page: what somebody called an address, and where it leads. Of an allowed site it has a button that
 * shows what is there; before that nothing is asked of any other server (SPEC EMBED-4).
 */
export class EmbedCard implements MediaContent {
  readonly #place: MediaPlace;
  readonly #link = document.createElement('a');
  readonly #host = document.createElement('span');
  readonly #show = document.createElement('button');
  readonly #lines = document.createElement('div');
  readonly #title: Line;
  readonly #address: Line;
  readonly #wrong = document.createElement('p');
  #shows: EmbedPlace | null = null;
  #frame: HTMLIFrameElement | null = null;
  #selected = false;
  #empty = true;

  constructor(place: MediaPlace, node: Node) {
    const { dom, words } = place;
    this.#place = place;
    const card = document.createElement('div');
    card.className = 'media-card';
    const sign = document.createElement('i');
    sign.className = 'card-sign';
    sign.ariaHidden = 'true';
    this.#link.className = 'media-name';
    this.#link.target = '_blank';
    this.#link.rel = 'noopener noreferrer nofollow';
    this.#link.dir = 'auto';
    // A drag moves the block, not the address.
    this.#link.draggable = false;
    this.#link.dataset['testid'] = 'card-link';
    this.#host.className = 'media-size';
    this.#host.dir = 'ltr';
    this.#show.type = 'button';
    this.#show.className = 'outlined';
    this.#show.dataset['testid'] = 'card-show';
    this.#show.addEventListener('click', () => this.#toggle());
    card.append(sign, this.#link, this.#host, this.#show);
    this.#title = new Line(place, { name: 'title', label: words.card.title, testid: 'card-title' });
    this.#address = new Line(place, {
      name: 'url',
      label: words.card.address,
      testid: 'card-address',
      read: (typed) => this.#read(typed),
    });
    this.#wrong.role = 'alert';
    this.#lines.className = 'card-lines';
    this.#describeAddress();
    this.#lines.append(this.#title.dom, this.#address.dom, this.#wrong);
    dom.replaceChildren(card, this.#lines);
    this.update(node);
  }

  update(node: Node): void {
    const { url, title } = readMedia('embed', node.attrs);
    const { words } = this.#place;
    const address = isWebAddress(url) ? new URL(url) : null;
    this.#empty = address === null;
    this.#shows = shownHere(url);
    if (address) this.#link.href = address.href;
    else this.#link.removeAttribute('href');
    const called = String(title ?? (address ? nameOf(address) : words.card.none));
    this.#link.textContent = called;
    this.#host.textContent = title !== null && address ? address.host : '';
    this.#place.dom.ariaLabel = address ? words.card.name(called, address.host) : called;
    this.#show.hidden = this.#shows === null;
    this.#show.title = words.card.loads(this.#shows?.site ?? '');
    this.#title.update(node);
    this.#address.update(node);
    // Nobody who asked for one page is shown another because somebody changed the address.
    if (this.#frame && this.#frame.src !== this.#shows?.frame) this.#hide();
    this.#tellShow();
    this.#tellLines();
  }

  select(selected: boolean): void {
    this.#selected = selected;
    this.#tellLines();
  }

  edit(): void {
    this.#lines.hidden = false;
    (this.#empty ? this.#address : this.#title).dom.focus();
  }

  destroy(): void {
    this.#hide();
  }

  /** What is typed as an address; undefined, and told, where it is none of the web. */
  #read(typed: string): string | null | undefined {
    const address = addressOf(typed);
    const right = typed.trim() === '' || isWebAddress(address);
    this.#tellWrong(!right);
    return right ? address : undefined;
  }

  #describeAddress(): void {
    const { dom } = this.#address;
    this.#wrong.id = `card-wrong-${crypto.randomUUID()}`;
    dom.type = 'url';
    dom.inputMode = 'url';
    dom.dir = 'ltr';
    dom.spellcheck = false;
    dom.autocapitalize = 'off';
    dom.maxLength = LONGEST_ADDRESS;
    dom.addEventListener('input', () => this.#tellWrong(false));
  }

  #tellWrong(wrong: boolean): void {
    const { dom } = this.#address;
    this.#wrong.textContent = wrong ? this.#place.words.card.wrong : '';
    dom.ariaInvalid = String(wrong);
    if (wrong) dom.setAttribute('aria-describedby', this.#wrong.id);
    else dom.removeAttribute('aria-describedby');
  }

  #tellLines(): void {
    const writes = this.#place.isEditable() && (this.#selected || this.#empty);
    this.#lines.hidden = !writes && !this.#lines.contains(document.activeElement);
    if (this.#lines.hidden) this.#tellWrong(false);
  }

  #tellShow(): void {
    const { card } = this.#place.words;
    this.#show.textContent = this.#frame ? card.hide : card.show;
    this.#show.ariaLabel = `${this.#show.textContent}: ${this.#link.textContent}`;
    this.#show.ariaExpanded = String(this.#frame !== null);
  }

  #toggle(): void {
    if (this.#frame) this.#hide();
    else if (this.#shows) this.#load(this.#shows);
    this.#tellShow();
  }

  #load({ frame: src, site, referrer }: EmbedPlace): void {
    const frame = document.createElement('iframe');
    frame.className = 'card-frame';
    frame.title = this.#place.words.card.frame(this.#link.textContent, site);
    frame.loading = 'lazy';
    frame.referrerPolicy = referrer;
    frame.allow = ALLOWED;
    frame.setAttribute('sandbox', SANDBOX);
    frame.src = src;
    this.#frame = frame;
    this.#place.dom.append(frame);
  }

  #hide(): void {
    this.#frame?.remove();
    this.#frame = null;
  }
}

/** An address as people tell it: its host and path. */
function nameOf({ host, pathname }: URL): string {
  return host + (pathname === '/' ? '' : pathname);
}

/** What a frame can show of an address. A frame of this page's own origin could reach into the page: there is none. */
function shownHere(url: unknown): EmbedPlace | null {
  const place = embedPlaceOf(url);
  return place && new URL(place.frame).origin !== location.origin ? place : null;
}
