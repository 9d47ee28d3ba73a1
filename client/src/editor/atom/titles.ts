/** The present titles of documents, for those who show them. */
export class Titles {
  #titles: ReadonlyMap<string, string> = new Map();
  readonly #changed = new Set<() => void>();

  /** Takes what is known by now; who shows a title is told. */
  know(documents: readonly { readonly name: string; readonly title: string }[]): void {
    this.#titles = new Map([
      ...this.#titles,
      ...documents.filter(({ title }) => title !== '').map(({ name, title }) => [name, title] as const),
    ]);
    for (const changed of this.#changed) changed();
  }

  /** Undefined where it is not known. */
  of(document: string): string | undefined {
    return this.#titles.get(document);
  }

  /** Calls `changed` when titles may have changed, until what is returned is called. */
  follow(changed: () => void): () => void {
    this.#changed.add(changed);
    return () => this.#changed.delete(changed);
  }
}
