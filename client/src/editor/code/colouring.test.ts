import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { Highlights } from '../highlights.ts';
import { Colouring, MOST_UNITS, TOKENS_IN_A_FRAME } from './colouring.ts';
import type { ColouredBlock } from './colouring.ts';

const schema = documentSchema();
const code = (text: string, language: string | null = 'json') =>
  schema.node('codeBlock', { language }, text === '' ? [] : [schema.text(text)]);
const paragraph = (text: string) => schema.node('paragraph', null, [schema.text(text)]);

/** Each word is a number: a stand-in for what a worker finds. */
const wordsOf = (text: string) =>
  Uint32Array.from(
    [...text.matchAll(/\w+/g)].flatMap(({ index, 0: word }) => [index, index + word.length, 2]),
  );

/** A page without a browser whose document has these blocks; it tells which code was looked at. */
class Page extends EventTarget {
  readonly isDestroyed = false;
  readonly dom = this;
  readonly coloured = new Highlights('coloured');
  readonly asked: string[] = [];
  readonly #frames: (() => void)[] = [];
  readonly #blocks = new Map<number, ColouredBlock & { node: Node }>();
  readonly colouring: Colouring;
  composing = false;
  dispatched = 0;
  state: EditorState;

  constructor(...blocks: Node[]) {
    super();
    const plugins = this.coloured.extension.config.addProseMirrorPlugins?.call({} as never) ?? [];
    this.state = EditorState.create({ doc: schema.node('doc', null, blocks), plugins });
    this.colouring = new Colouring({
      // What it uses of a view.
      view: this as unknown as EditorView,
      coloured: this.coloured,
      tokens: ({ code: text }) => {
        this.asked.push(text);
        return Promise.resolve(text === 'fails' ? null : wordsOf(text));
      },
      frame: (call) => void this.#frames.push(call),
    });
    this.#tell();
  }

  dispatch = (transaction: Transaction): void => {
    this.dispatched += 1;
    this.state = this.state.apply(transaction);
    if (transaction.docChanged) this.#tell();
  };

  /** As ProseMirror tells views: each block of code that is new or another. */
  #tell(): void {
    this.state.doc.forEach((node, offset, index) => {
      if (node.type.name !== 'codeBlock') return;
      const block = this.#blocks.get(index) ?? { node: schema.node('paragraph'), getPos: () => offset };
      this.#blocks.set(index, Object.assign(block, { getPos: () => offset }));
      if (block.node === node) return;
      block.node = node;
      this.colouring.look(block);
    });
  }

  block(index: number): ColouredBlock | undefined {
    return this.#blocks.get(index);
  }

  /** All that is found is shown; how many frames that took. */
  async settle(most = Infinity): Promise<number> {
    let frames = 0;
    for (; frames < most; frames += 1) {
      await new Promise(setImmediate);
      const call = this.#frames.shift();
      if (!call) break;
      call();
    }
    return frames;
  }

  get words(): string[] {
    return this.coloured.at(this.state).map(({ from, to }) => this.state.doc.textBetween(from, to));
  }
}

test('CODE-2: code is coloured; in no language, in an unknown one, in formulas, and where its grammar fails, it is plain', async () => {
  const page = new Page(
    paragraph('title'),
    code('one two'),
    code('three', null),
    code('four', 'brainrot'),
    code('fails'),
    code('five', 'math'),
    code(''),
    code('six'),
  );
  await page.settle();
  assert.deepEqual(page.words, ['one', 'two', 'six']);
  assert.deepEqual(page.asked, ['one two', 'fails', 'six']);
});

test('CODE-3: of 50 blocks of code only the one that changed is looked at, and none for words elsewhere', async () => {
  const page = new Page(
    paragraph('title'),
    ...Array.from({ length: 50 }, (_, index) => code(`word${index} more`)),
    paragraph('end'),
  );
  await page.settle();
  assert.equal(page.words.length, 100);
  page.asked.splice(0);
  page.dispatched = 0;
  page.dispatch(page.state.tr.insertText('!', 1));
  await page.settle();
  assert.deepEqual(page.asked, []);
  assert.equal(page.dispatched, 1);
  assert.equal(page.words.length, 100);
  assert.equal(page.words.at(-2), 'word49');
  const at = page.state.doc.child(0).nodeSize + 1;
  page.dispatch(page.state.tr.insertText('new ', at));
  await page.settle();
  assert.deepEqual(page.asked, ['new word0 more']);
  assert.deepEqual(page.words.slice(0, 3), ['new', 'word0', 'more']);
  // What changes no colour draws nothing.
  page.dispatched = 0;
  page.dispatch(page.state.tr.insertText(' ', at));
  await page.settle();
  assert.equal(page.dispatched, 1);
});

test('CODE-2: what was typed meanwhile is looked at anew, and what was found before is not shown', async () => {
  const page = new Page(code('one'), code('two'));
  page.dispatch(page.state.tr.insertText('x y ', 1));
  await page.settle();
  assert.deepEqual(page.words, ['x', 'y', 'one', 'two']);
  const gone = page.block(1);
  assert.ok(gone);
  page.dispatch(page.state.tr.insertText('z ', page.state.doc.child(0).nodeSize + 1));
  page.colouring.forget(gone);
  await page.settle();
  assert.deepEqual(page.words, ['x', 'y', 'one', 'two']);
  page.dispatch(page.state.tr.setNodeAttribute(0, 'language', null));
  await page.settle();
  assert.deepEqual(page.words, ['two']);
});

test('CODE-3: much code comes in parts, longer code than the limit stays plain, and an input method is waited for', async () => {
  const many = 2 * TOKENS_IN_A_FRAME + 1;
  const page = new Page(code('ab '.repeat(many)), code('x'.repeat(MOST_UNITS + 1)));
  await page.settle(1);
  assert.equal(page.words.length, TOKENS_IN_A_FRAME);
  // Words above it move what is still to come.
  page.dispatch(page.state.tr.insert(0, paragraph('above')));
  page.composing = true;
  await page.settle();
  assert.equal(page.words.length, TOKENS_IN_A_FRAME);
  page.composing = false;
  page.dispatchEvent(new Event('compositionend'));
  await page.settle();
  assert.equal(page.words.length, many);
  assert.ok(page.words.every((word) => word === 'ab'));
});
