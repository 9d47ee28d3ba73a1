import { isWebAddress, NARROWEST_IMAGE } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { Line } from './line.ts';
import type { MediaContent, MediaPlace } from './media-view.ts';
import { UploadStatus } from './upload-status.ts';

/** By one key an image becomes so much wider or narrower, in hundredths of the text. */
const STEP = 5;

const WIDEST = 100;

/** An image on the page with its caption, and what changes them while it is selected. */
export class ImageBox implements MediaContent {
  readonly #place: MediaPlace;
  readonly #frame = document.createElement('div');
  readonly #image = document.createElement('img');
  readonly #grip = document.createElement('button');
  readonly #caption: Line;
  readonly #alt: Line;
  readonly #status: UploadStatus | null;
  #node: Node;
  #address: string | null = null;
  #over = false;

  constructor(place: MediaPlace, node: Node) {
    const { dom, words } = place;
    this.#place = place;
    this.#node = node;
    this.#frame.className = 'media-frame';
    this.#grip.type = 'button';
    this.#grip.className = 'media-grip';
    this.#grip.setAttribute('role', 'slider');
    this.#grip.ariaValueMin = String(NARROWEST_IMAGE);
    this.#grip.ariaValueMax = String(WIDEST);
    this.#grip.ariaLabel = words.width;
    this.#grip.dataset['testid'] = 'image-width';
    this.#grip.addEventListener('keydown', (event) => this.#key(event));
    this.#grip.addEventListener('pointerdown', (event) => this.#drag(event));
    this.#caption = new Line(place, { name: 'caption', label: words.caption, testid: 'image-caption' });
    this.#alt = new Line(place, { name: 'alt', label: words.describe, testid: 'image-alt' });
    const { src } = node.attrs;
    this.#status = isWebAddress(src) ? null : new UploadStatus(place, src);
    this.#frame.append(isWebAddress(src) ? this.#elsewhere(src) : this.#image, this.#grip);
    const below = document.createElement('figcaption');
    below.append(this.#caption.dom);
    dom.replaceChildren(this.#frame, ...(this.#status ? [this.#status.dom] : []), below, this.#alt.dom);
    this.update(node);
    if (this.#status) void this.#show(this.#status);
  }

  update(node: Node): void {
    this.#node = node;
    const { alt } = node.attrs;
    const said = typeof alt === 'string' ? alt : '';
    this.#image.alt = said;
    this.#place.dom.ariaLabel = said || this.#place.words.undescribed;
    this.#caption.update(node);
    this.#alt.update(node);
    this.#tellWidth();
  }

  select(selected: boolean): void {
    const editable = selected && this.#place.isEditable();
    this.#alt.dom.hidden = !editable;
    this.#grip.hidden = !editable || this.#status === null;
    this.#caption.show(editable);
    this.#tellWidth();
  }

  edit(): void {
    this.#caption.show(true);
    this.#caption.dom.focus();
  }

  destroy(): void {
    this.#over = true;
    this.#status?.destroy();
    if (this.#address !== null) URL.revokeObjectURL(this.#address);
  }

  async #show(status: UploadStatus): Promise<void> {
    // Rejects when the image is taken away.
    const blob = await status.content().catch(() => null);
    if (blob === null || this.#over) return;
    this.#address = URL.createObjectURL(blob);
    this.#image.src = this.#address;
  }

  /** Nothing is fetched from a place that somebody else has chosen: it would tell that place who reads, and when. */
  #elsewhere(src: string): HTMLElement {
    const { words } = this.#place;
    const card = document.createElement('div');
    card.className = 'media-elsewhere';
    const link = document.createElement('a');
    link.href = src;
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
    link.textContent = words.open;
    link.dir = 'auto';
    card.append(words.elsewhere(new URL(src).host), ' ', link);
    return card;
  }

  #tellWidth(): void {
    const percent = this.#width();
    this.#grip.ariaValueNow = String(percent);
    this.#grip.ariaValueText = `${String(percent)} %`;
  }

  /** In hundredths of the text. */
  #width(): number {
    const { percent } = this.#node.attrs;
    if (typeof percent === 'number') return percent;
    const whole = this.#place.dom.clientWidth;
    return whole === 0 ? WIDEST : within((100 * this.#frame.offsetWidth) / whole);
  }

  #key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key)) {
      this.#undo(event);
      return;
    }
    const forth = this.#place.dom.matches(':dir(rtl)') ? 'ArrowLeft' : 'ArrowRight';
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: forth === 'ArrowLeft' ? STEP : -STEP,
      ArrowRight: forth === 'ArrowRight' ? STEP : -STEP,
      ArrowUp: STEP,
      ArrowDown: -STEP,
      Home: -WIDEST,
      End: WIDEST,
    };
    const step = steps[event.key];
    if (event.key === 'Escape') this.#place.leave();
    if (step !== undefined) this.#place.set('percent', within(this.#width() + step));
    if (step !== undefined || event.key === 'Escape') event.preventDefault();
  }

  /** Hands a key of undo or redo to the text. */
  #undo(event: KeyboardEvent): void {
    const text = this.#place.dom.closest<HTMLElement>('.prose');
    const before = this.#node;
    text?.dispatchEvent(new KeyboardEvent('keydown', event));
    event.preventDefault();
    // Who goes on with this image stays at it; where something else was taken back, undo leads there.
    const here = this.#node !== before && this.#grip.isConnected;
    if (here) this.#place.leave();
    (here ? this.#grip : text)?.focus();
  }

  #drag(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    const { dom } = this.#place;
    const start = this.#frame.offsetWidth;
    const { align } = this.#node.attrs;
    // The grip is at the end, or at the beginning of an image that stands at the end.
    const away = dom.matches(':dir(rtl)') === (align === 'end') ? 1 : -1;
    const both = align === 'center' ? 2 : 1;
    // A press without a move changes nothing.
    let percent: number | null = null;
    const move = ({ clientX, pointerId }: PointerEvent) => {
      if (pointerId !== event.pointerId || (percent === null && clientX === event.clientX)) return;
      const width = start + away * both * (clientX - event.clientX);
      percent = within((100 * width) / dom.clientWidth);
      dom.style.setProperty('--width', `${String(percent)}%`);
    };
    const ending = new AbortController();
    const { signal } = ending;
    const end = (chosen: number | null) => {
      ending.abort();
      if (chosen !== null) this.#place.set('percent', chosen);
      this.#place.paint();
    };
    this.#grip.setPointerCapture(event.pointerId);
    this.#grip.addEventListener('pointermove', move, { signal });
    this.#grip.addEventListener('pointerup', () => end(percent), { signal });
    // Cancelled, or its image is no longer selected.
    this.#grip.addEventListener('lostpointercapture', () => end(null), { signal });
  }
}

function within(percent: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST_IMAGE, percent)));
}
