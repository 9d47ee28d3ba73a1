import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentSchema } from '@sheaf/schema';
import { parseHtml } from '@sheaf/schema/parse-html';
import { TextSelection } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import { wholeTables } from './whole-tables.ts';

const TABLE = '<table><tr><td>a1</td><td>b1</td></tr><tr><td>a2</td><td>b2</td></tr></table>';

/** What is selected where text is from the middle of one word to that of another: its words, or its cells with `|` between them. */
function selected(html: string, from: string, to: string): string | null {
  const doc = parseHtml(documentSchema(), html);
  const middle = (word: string) => {
    let found = -1;
    doc.descendants((node, pos) => {
      if (node.isText && node.text === word) found = pos + 1;
    });
    assert.notEqual(found, -1, word);
    return found;
  };
  const whole = wholeTables(TextSelection.create(doc, middle(from), middle(to)));
  if (!whole) return null;
  if (!(whole instanceof CellSelection)) {
    assert.ok(whole instanceof TextSelection);
    assert.equal(whole.anchor, middle(from));
    return doc.textBetween(whole.from, whole.to, ' ');
  }
  const cells: string[] = [];
  whole.forEachCell(({ textContent }) => cells.push(textContent));
  return cells.join('|');
}

test('WAYS-15: text from one cell to another is cells', () => {
  const html = `<p>before</p>${TABLE}<p>behind</p>`;
  assert.equal(selected(html, 'a1', 'b1'), 'a1|b1');
  assert.equal(selected(html, 'b2', 'b1'), 'b1|b2');
  assert.equal(selected(html, 'a1', 'b2'), 'a1|b1|a2|b2');
  assert.equal(selected(`<ul><li>item${TABLE}</li></ul>`, 'a1', 'a2'), 'a1|a2');
});

test('WAYS-15: from a cell to elsewhere it is the cells to the edge of the table', () => {
  const html = `<p>before</p>${TABLE}<p>behind</p>${TABLE.replaceAll(/[ab]\d/g, 'other $&')}`;
  assert.equal(selected(html, 'b1', 'behind'), 'b1|b2');
  assert.equal(selected(html, 'a2', 'before'), 'a1|a2');
  assert.equal(selected(html, 'a2', 'other b1'), 'a2|b2');
  // In the last or first one it is the rest of its text.
  assert.equal(selected(html, 'b2', 'behind'), '2');
  assert.equal(selected(html, 'other a1', 'b2'), 'o');
});

test('WAYS-15: from elsewhere into a table it has all of that', () => {
  const html = `<p>before</p>${TABLE}<p>behind</p>`;
  assert.equal(selected(html, 'before', 'b1'), 'efore a1 b1 a2 b2 ');
  assert.equal(selected(html, 'behind', 'b1'), ' a1 b1 a2 b2 b');
  // Where nothing is beyond the table but another one, it ends before both.
  assert.equal(selected(`<p>before</p>${TABLE}`, 'before', 'b1'), 'efore');
  assert.equal(selected(`<p>before</p>${TABLE}${TABLE.replaceAll(/[ab]\d/g, 'x')}`, 'before', 'b1'), 'efore');
});

test('WAYS-15: a table within a cell is whole by itself', () => {
  const html = `<table><tr><td><p>one</p>${TABLE}<p>two</p></td><td>three</td></tr></table>`;
  assert.equal(selected(html, 'one', 'b1'), 'ne a1 b1 a2 b2 ');
  assert.equal(selected(html, 'a1', 'two'), 'a1|b1|a2|b2');
  assert.equal(selected(html, 'a1', 'three'), 'onea1b1a2b2two|three');
});

test('WAYS-15: what ends in the cell in which it begins, or in no table, stays', () => {
  const html = `<p>before</p>${TABLE}<p>behind</p><table><tr><td><p>one</p><p>two</p></td></tr></table>`;
  assert.equal(selected(html, 'before', 'behind'), null);
  assert.equal(selected(html, 'one', 'two'), null);
});
