import { isMedia, readMedia } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import type { MediaWords } from '../../words/media/en.ts';
import type { MediaFilesOptions } from './media-files.ts';

/** Asks an image on the page to let its caption be written, or a card its title. */
export const MEDIA_EDIT = 'media-edit';
/** What is so near to being seen is loaded, in heights of the window. */
const NEAR = '100%';
/** What shows it could not be loaded: after so long it is asked for again, ms. */
const AGAIN_MS = 5_000;

/** What fills the place of an image or file, loaded when the first comes near to being seen. */
export interface MediaContent {
  update(node: Node): void;
  select(selected: boolean): void;
  edit(): void;
  destroy(): void;
}

/** What that has to work with. */
export interface MediaPlace {
  readonly dom: HTMLElement;
  readonly options: MediaFilesOptions;
  readonly words: MediaWords;
  readonly isEditable: () => boolean;
  /** Sets an attribute, as an undo step of its own. */
  readonly set: (name: string, value: string | number | null) => void;
  /** Shows it again as the document has it. */
  readonly paint: () => void;
  /** Back to the text, with this selected. */
  readonly leave: () => void;
}

/** Fills a place; its code is loaded with the first. */
type FillMedia = (place: MediaPlace, node: Node) => MediaContent;

/** The place of an image or file on the page. It has its size before there is anything in it, so that no text jumps. */
export class MediaView implements NodeView {
  readonly dom = document.createElement('figure');
  readonly #view: EditorView;
  readonly #getPos: () => number | undefined;
  readonly #options: MediaFilesOptions;
  readonly #seen = new IntersectionObserver((entries) => this.#look(entries), { rootMargin: NEAR });
  #node: Node;
  #content: MediaContent | null = null;
  #selected = false;
  #over = false;
  /** It was asked for before there was anything in it. */
  #edits = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    node: Node,
    {
      view,
      getPos,
      options,
    }: { view: EditorView; getPos: () => number | undefined; options: MediaFilesOptions },
  ) {
    this.#node = node;
    this.#view = view;
    this.#getPos = getPos;
    this.#options = options;
    this.dom.contentEditable = 'false';
    this.dom.addEventListener(MEDIA_EDIT, () => {
      this.#edits = this.#content === null;
      this.#content?.edit();
    });
    this.#paint();
    this.#seen.observe(this.dom);
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type || node.attrs['src'] !== this.#node.attrs['src']) return false;
    this.#node = node;
    this.#paint();
    this.#content?.update(node);
    return true;
  }

  selectNode(): void {
    this.#select(true);
  }

  deselectNode(): void {
    this.#select(false);
  }

  stopEvent(event: Event): boolean {
    // A drag of the picture moves the block; what happens in a field or on a button is theirs.
    return event.target instanceof Element && event.target.closest('input, button, a') !== null;
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#over = true;
    clearTimeout(this.#again);
    this.#seen.disconnect();
    this.#content?.destroy();
  }

  #select(selected: boolean): void {
    this.#selected = selected;
    this.dom.classList.toggle('selected', selected);
    this.#content?.select(selected);
  }

  #paint(): void {
    const { width, height, percent, align } = this.#node.attrs;
    const { dataset, style } = this.dom;
    dataset['media'] = this.#node.type.name;
    if (typeof align === 'string') dataset['align'] = align;
    else delete dataset['align'];
    if (this.#content === null) this.dom.replaceChildren(...outline(this.#node));
    style.setProperty('--ratio', width && height ? `${String(width)} / ${String(height)}` : 'auto');
    style.setProperty('--width', percent ? `${String(percent)}%` : width ? `${String(width)}px` : '100%');
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    this.#seen.disconnect();
    void this.#load();
  }

  async #load(): Promise<void> {
    // Without a network its code may not be there; it is asked for again when the place is next seen.
    const loaded = await Promise.all([import('./fill-media.ts'), this.#options.words.shown()]).catch(
      () => null,
    );
    if (this.#over) return;
    if (loaded) this.#fill(loaded[0].fillMedia, loaded[1]);
    else this.#again = setTimeout(() => this.#seen.observe(this.dom), AGAIN_MS);
  }

  #fill(fillMedia: FillMedia, words: MediaWords): void {
    const place: MediaPlace = {
      dom: this.dom,
      options: this.#options,
      words,
      isEditable: () => this.#view.editable,
      set: (name, value) => this.#set(name, value),
      paint: () => this.#paint(),
      leave: () => this.#leave(),
    };
    this.#content = fillMedia(place, this.#node);
    this.#content.select(this.#selected);
    if (this.#edits) this.#content.edit();
  }

  #set(name: string, value: string | number | null): void {
    const pos = this.#getPos();
    if (pos === undefined || !this.#view.editable || this.#node.attrs[name] === value) return;
    this.#options.separate();
    this.#view.dispatch(this.#view.state.tr.setNodeAttribute(pos, name, value));
    this.#options.separate();
  }

  #leave(): void {
    const pos = this.#getPos();
    if (pos === undefined) return;
    const { state } = this.#view;
    this.#view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, pos)));
    this.#view.focus();
  }
}

/** What says what it is before its code is there, and on paper where it was never near to being seen. */
function outline(node: Node): HTMLElement[] {
  const { name } = node.type;
  if (!isMedia(name)) return [];
  const { url = null, caption = null } = readMedia(name, node.attrs);
  const words = document.createElement('figcaption');
  if (name === 'image') {
    const frame = document.createElement('div');
    frame.className = 'media-frame';
    words.textContent = caption === null ? '' : String(caption);
    return [frame, words];
  }
  const told = node.type.spec.leafText?.(node) ?? '';
  if (typeof url !== 'string') {
    words.textContent = told;
    return [words];
  }
  const link = document.createElement('a');
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.textContent = told;
  return [link];
}
