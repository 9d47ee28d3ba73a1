/** An element that shows a formula: its source until what draws it is there, and where it means nothing. */
export class MathDom {
  readonly dom: HTMLElement;
  readonly #display: boolean;
  #tex: string | null = null;

  constructor(element: 'span' | 'div', display: boolean) {
    this.dom = document.createElement(element);
    // Formulas are written from left to right in most of the world, and their TeX everywhere.
    this.dom.dir = 'ltr';
    this.#display = display;
  }

  show(tex: string): void {
    if (this.#tex === tex) return;
    if (this.#tex === null) this.dom.textContent = tex;
    this.#tex = tex;
    void this.#draw(tex);
  }

  async #draw(tex: string): Promise<void> {
    // Without a network what draws may not be there: the source is.
    const drawing = await import('./render.ts').catch(() => null);
    if (this.#tex !== tex) return;
    const wrong = drawing ? drawing.renderMath(this.dom, tex, this.#display) : null;
    this.dom.classList.toggle('wrong', wrong !== null);
    this.dom.title = wrong ?? '';
  }
}
