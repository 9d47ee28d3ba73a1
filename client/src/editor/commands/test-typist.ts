import { Selection } from '@tiptap/pm/state';
import type { Anchor } from '../binding/anchor.ts';
import { TestPage } from '../binding/test-page.ts';
import { CONTENT, letter, placeOf } from './test-words.ts';

/** Somebody who types in three places of a block, or of the one behind it where it holds no text, letters that nothing else is. */
export class Typist {
  readonly page: TestPage;
  readonly typed: string[] = [];
  readonly #anchors: Anchor[];

  constructor(clientId: number, word: string) {
    this.page = new TestPage(clientId, CONTENT);
    const { doc } = this.page.state;
    const place = placeOf(doc, word);
    const node = doc.nodeAt(place);
    const $word =
      node?.isBlock === true
        ? Selection.near(doc.resolve(place + node.nodeSize)).$from
        : doc.resolve(place + word.length);
    this.#anchors = [$word.start(), $word.pos, $word.end()].map((at) => this.#anchorAt(at));
  }

  #anchorAt(position: number): Anchor {
    return this.page.binding.anchor({ anchor: position, head: position }).anchor;
  }

  /** One letter at each of them. */
  type(): void {
    for (const [index, anchor] of this.#anchors.entries()) {
      const at = this.page.binding.resolve(anchor);
      const { state } = this.page;
      // A caret that finds no text types nothing.
      if (at === null || !state.doc.resolve(at).parent.isTextblock) continue;
      const typed = letter(this.typed.length);
      this.page.dispatch(state.tr.insertText(typed, at));
      this.typed.push(typed);
      this.#anchors[index] = this.#anchorAt(at + 1);
    }
  }
}
