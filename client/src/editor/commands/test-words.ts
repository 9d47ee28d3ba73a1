import assert from 'node:assert/strict';
import { blocksOf } from '@sheaf/schema';
import type { Block } from '@sheaf/schema';
import { readMarkdown } from '@sheaf/schema/read-markdown';
import type { Node } from '@tiptap/pm/model';
import { NodeSelection } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';
import type { TestEditor } from './test-editor.ts';

/** Every kind of block; each word once. */
const MARKDOWN = `# Titleword

alpha bravo

charlie delta

- echo foxtrot
- golf hotel
  - india juliet
- kilo lima

1. mike november

- [ ] oscar papa

> quebec romeo

> [!NOTE]
> sierra tango

| uniform | victor | whiskey |
| ------- | ------ | ------- |
| xray    | yankee | zulu    |
| amber   | beryl  | coral   |

diamond emerald

\`\`\`
flint granite
\`\`\`

hematite iolite

<details>
<summary>

jasper kyanite

</summary>

lapis malachite

</details>

[onyx](https://cards.example/ "card")

opal pearl

![](https://images.example/one.png)

quartz $x^2$ ruby[^1] sapphire

\`\`\`mermaid
topaz zircon
\`\`\`

$$
garnet citrine
$$

[peridot spinel](https://links.example/)

agate jade

[^1]: turquoise tanzanite`;

/** What a leaf says; of a card its title alone. */
function leafWords(leaf: Node): string {
  const title: unknown = leaf.attrs['title'];
  return typeof title === 'string' ? title : (leaf.type.spec.leafText?.(leaf) ?? ' ');
}

/** All words that a document shows, those of cards, formulas and days among them. */
export function wordsOf(doc: Node): string {
  return doc.textBetween(0, doc.content.size, ' ', leafWords);
}

const written = (() => {
  const page = new TestPage(1);
  const wanted = readMarkdown(page.state.schema, MARKDOWN);
  page.dispatch(page.state.tr.replaceWith(0, page.state.doc.content.size, wanted.content));
  return page;
})();

/** The document that this file tells of, as its update. */
export const CONTENT = Y.encodeStateAsUpdate(written.doc);

export const WORDS: readonly string[] = wordsOf(written.state.doc).match(/[A-Z]?[a-z]{4,}/g) ?? [];

/** What somebody types beside the words: nothing else is written with these letters. */
const TYPED = /[\u4e00-\u9fff]/g;

/** The letter that is typed as the `index`th one. */
export function letter(index: number): string {
  return String.fromCodePoint(0x4e00 + index);
}

/** A block in which nothing stands but what somebody else types: there words stay of which the block went. */
function isTyped({ node }: Block): boolean {
  return node.textContent !== '' && node.textContent.replaceAll(TYPED, '') === '';
}

/** What {@link assertAsBefore} compares. `beside`: whether what somebody else typed may stand in blocks of its own. */
export interface AsBefore {
  readonly is: Node;
  readonly was: Node;
  readonly beside: boolean;
}

/**
 * That a document is what it was but for what somebody else typed, and where a block of that stands, for where others stand: behind it
 * no deeper than they can, in a list of their own.
 */
export function assertAsBefore({ is, was, beside }: AsBefore, context: string): void {
  const typed = beside && blocksOf(is).some(isTyped);
  const of = { deep: !typed, beside };
  assert.deepEqual(withoutTyped(is, of), withoutTyped(was, of), `${context}: not as before`);
}

/** What blocks are and say, a line for each. */
function withoutTyped(parent: Node, of: { readonly deep: boolean; readonly beside: boolean }): string[] {
  const { deep, beside } = of;
  const blocks = blocksOf(parent).filter((block) => !beside || !isTyped(block));
  return blocks.flatMap(({ frame: { indent, apart, ...frame }, node }) => {
    const cells: string[] = [];
    node.descendants((cell) => {
      const role: unknown = cell.type.spec['tableRole'];
      if (role === 'cell' || role === 'header_cell')
        cells.push(JSON.stringify([cell.type.name, cell.attrs]), ...withoutTyped(cell, of));
      return role === 'row';
    });
    const block = [deep ? [indent, apart] : null, frame, node.type.name, node.attrs];
    return [JSON.stringify(block), ...runsOf(node), ...cells];
  });
}

/** The text of a block in stretches that look alike. */
function runsOf(block: Node): string[] {
  const runs: { readonly look: string; text: string }[] = [];
  if (block.isTextblock)
    block.forEach(({ isText, type, attrs, text = '', marks }) => {
      const look = JSON.stringify(isText ? marks : [type.name, attrs, marks]);
      const said = text.replaceAll(TYPED, '');
      const last = runs.at(-1);
      if (isText && last?.look === look) last.text += said;
      else if (!isText || said !== '') runs.push({ look, text: said });
    });
  return runs.map(({ look, text }) => look + text);
}

/** Where a word stands in a document. */
export function placeOf(doc: Node, word: string): number {
  let found = -1;
  doc.descendants((node, pos) => {
    const at = (node.text ?? (node.isLeaf ? leafWords(node) : '')).indexOf(word);
    if (at >= 0) found = node.isText ? pos + at : pos;
  });
  assert.ok(found >= 0, word);
  return found;
}

/** Whether a word stands in a table. */
export function isInTable(doc: Node, word: string): boolean {
  const $word = doc.resolve(placeOf(doc, word));
  return Array.from({ length: $word.depth }, (_, depth) => $word.node(depth + 1)).some(
    ({ type }) => type.name === 'table',
  );
}

/** Puts the caret behind a word, or selects from it to the end of another, or cells where they stand in two, or the block that it is. */
export function selectTo(editor: TestEditor, word: string, to: string | undefined): void {
  const { doc } = editor.state;
  const place = placeOf(doc, word);
  const dispatch = (selection: NodeSelection | CellSelection) => {
    editor.editor.view.dispatch(editor.state.tr.setSelection(selection));
  };
  if (doc.nodeAt(place)?.isText !== true) return dispatch(NodeSelection.create(doc, place));
  const from = place + word.length;
  if (to === undefined) return editor.select(from);
  const end = placeOf(doc, to);
  const cellOf = (at: number) => {
    const $at = doc.resolve(at);
    for (let depth = $at.depth; depth > 0; depth -= 1)
      if ($at.node(depth).type.spec['tableRole'] === 'cell') return $at.before(depth);
    return null;
  };
  const [one, other] = [cellOf(from), cellOf(end)];
  if (one === null || other === null) return editor.select(place, end + to.length);
  dispatch(CellSelection.create(doc, one, other));
}
