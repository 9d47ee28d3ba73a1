import type { Node } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';
import { DrawnBlock } from '../code/source-block.ts';
import type { SourceAround } from '../code/source-block.ts';
import type { DiagramPicture } from './picture.ts';

/** What is so near to being seen is drawn, in heights of the window. */
const NEAR = '100%';

/** Makes the picture of a diagram; its code is loaded with the first. */
export type MakePicture = () => Promise<((block: HTMLElement, place: HTMLElement) => DiagramPicture) | null>;

/**
 * Code in Mermaid's language, with what it draws below. Only when it comes near to being seen anything of Mermaid is
 * loaded. Its source is seen while the caret is in it, and as long as it is not drawn.
 */
export class DiagramBlock extends DrawnBlock implements NodeView {
  readonly #make: MakePicture;
  readonly #seen = new IntersectionObserver((entries) => this.#look(entries), { rootMargin: NEAR });
  #source: string;
  readonly #place: HTMLElement;
  #picture: DiagramPicture | null = null;
  #over = false;

  constructor(node: Node, { make, ...around }: SourceAround & { readonly make: MakePicture }) {
    const place = document.createElement('div');
    super(node, around, place);
    this.#place = place;
    this.#make = make;
    this.#source = node.textContent;
    place.className = 'diagram';
    this.dom.className = 'diagram-block';
    this.#seen.observe(this.dom);
  }

  update(node: Node): boolean {
    if (!this.shows(node)) return false;
    this.#source = node.textContent;
    this.#picture?.show(this.#source);
    return true;
  }

  destroy(): void {
    this.#over = true;
    this.#seen.disconnect();
    this.#picture?.destroy();
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    this.#seen.disconnect();
    void this.#begin();
  }

  async #begin(): Promise<void> {
    const make = await this.#make();
    if (!make || this.#over) return;
    this.#picture = make(this.dom, this.#place);
    this.#picture.show(this.#source);
  }
}
