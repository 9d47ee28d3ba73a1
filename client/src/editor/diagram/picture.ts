import type { SourceWords } from '../../words/source/en.ts';
import { Drawer } from './drawer.ts';
import type { Outcome } from './drawer.ts';
import { openFrame } from './frame.ts';
import type { Drawing } from './frame-messages.ts';
import { PAUSE_MS } from './limits.ts';
import { labelOf, lineInSource } from './source.ts';

/** What diagrams say. */
type DiagramWords = SourceWords['diagram'];

/** Makes pictures of the diagrams of one editor, which share what draws them. */
export function pictures(words: DiagramWords): (block: HTMLElement, place: HTMLElement) => DiagramPicture {
  const drawer = new Drawer(openFrame);
  return (block, place) => new DiagramPicture({ block, place, drawer, words });
}

interface Around {
  /** What also holds the source. */
  readonly block: HTMLElement;
  /** Where the picture goes. */
  readonly place: HTMLElement;
  readonly drawer: Drawer;
  readonly words: DiagramWords;
}

/**
 * The picture of one diagram. The frame's SVG becomes an image, in which nothing runs and nothing is fetched; while its
 * source is typed, or means nothing, the last picture stays. Paper is light, so a picture for dark has a light one beside it.
 */
export class DiagramPicture {
  readonly #around: Around;
  readonly #said = document.createElement('p');
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #gone = new AbortController();
  #source: string | null = null;
  #drawing = new AbortController();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #images: readonly HTMLImageElement[] = [];

  constructor(around: Around) {
    this.#around = around;
    this.#said.role = 'status';
    this.#said.dir = 'auto';
    around.place.append(this.#said);
    this.#dark.addEventListener('change', () => this.#again(), { signal: this.#gone.signal });
    // What draws may be had by now.
    addEventListener('online', () => this.#again(), { signal: this.#gone.signal });
  }

  /** Shows `source`: the first at once, a later one when nobody types it any more. */
  show(source: string): void {
    if (source === this.#source) return;
    const first = this.#source === null;
    this.#source = source;
    clearTimeout(this.#pause);
    this.#drawing.abort();
    this.#pause = setTimeout(() => void this.#draw(source), first ? 0 : PAUSE_MS);
  }

  destroy(): void {
    clearTimeout(this.#pause);
    this.#drawing.abort();
    this.#gone.abort();
    this.#forget(this.#images);
  }

  #again(): void {
    const source = this.#source;
    if (source === null) return;
    this.#source = null;
    this.show(source);
  }

  async #draw(source: string): Promise<void> {
    const { drawer, words } = this.#around;
    this.#drawing = new AbortController();
    const { signal } = this.#drawing;
    if (source.trim() === '') return this.#tell(words.nothing);
    const outcome = await drawer.draw({ source, dark: false }, signal);
    const dark = this.#dark.matches && outcome?.state === 'drawn';
    const other = dark ? await drawer.draw({ source, dark }, signal) : null;
    if (outcome === null || signal.aborted) return;
    if (outcome.state !== 'drawn') return this.#tell(this.#wordsFor(outcome, source));
    const drawings = [outcome, other].flatMap((one) => (one?.state === 'drawn' ? [one.drawing] : []));
    const images = drawings.map((drawing) => imageOf(drawing, labelOf(source) ?? words.label));
    // In the place of the last ones when they can be seen, so that nothing jumps in between.
    const seen = await Promise.all(images.map((image) => image.decode().then(isDone, isWrong)));
    if (signal.aborted || seen.includes(false)) {
      this.#forget(images);
      if (!signal.aborted) this.#tell(words.failed(''));
      return;
    }
    this.#forget(this.#images);
    this.#images = images;
    this.#around.place.replaceChildren(...images, this.#said);
    this.#tell('');
  }

  /** Says what is wrong; then the source is seen, and what was drawn last is no longer it. */
  #tell(said: string): void {
    const { block } = this.#around;
    if (this.#said.textContent !== said) this.#said.textContent = said;
    block.classList.toggle('is-drawn', said === '');
    block.classList.toggle('is-old', said !== '');
  }

  #wordsFor(outcome: Exclude<Outcome, { readonly state: 'drawn' }>, source: string): string {
    const { words } = this.#around;
    switch (outcome.state) {
      case 'unknown':
        return words.unknown;
      case 'large':
        return words.large;
      case 'slow':
        return words.slow;
      case 'away':
        return words.away;
      case 'wrong':
        return outcome.line === null
          ? words.failed(outcome.words)
          : words.wrong(lineInSource(source, outcome.line));
    }
  }

  #forget(images: readonly HTMLImageElement[]): void {
    for (const { src } of images) URL.revokeObjectURL(src);
  }
}

const isDone = () => true;
const isWrong = () => false;

function imageOf({ svg, width, height }: Drawing, label: string): HTMLImageElement {
  const image = new Image(Math.ceil(width), Math.ceil(height));
  image.alt = label;
  image.draggable = false;
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  return image;
}
