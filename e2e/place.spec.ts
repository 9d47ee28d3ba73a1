import type { Page } from '@playwright/test';
import * as Y from 'yjs';
import { documentPath, editor, expect, peer, saved, test } from './site.ts';

const BLOCKS = 1_500;
/** A block in the middle of the document: what the reader looks at. */
const HERE = 700;

function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(text)]);
  return element;
}

/** Where a block stands in the window, px from its top. */
function place(page: Page, text: string): Promise<number> {
  return editor(page)
    .getByText(text, { exact: true })
    .evaluate((element) => element.getBoundingClientRect().top);
}

for (const caret of ['nowhere', 'in what is read', 'above'] as const)
  test(`the place is kept while others write above, in 1,500 blocks, with the caret ${caret}`, async ({
    visit,
    site,
  }) => {
    const friend = peer(site, 'long');
    await expect.poll(() => friend.provider.synced).toBe(true);
    const content = friend.doc.getXmlFragment('default');
    const blocks = Array.from({ length: BLOCKS }, (_, at) => paragraph(`Block ${at}`));
    friend.doc.transact(() => content.push(blocks));
    await expect.poll(() => friend.provider.unsyncedChanges).toBe(0);

    const page = await visit(documentPath('long'));
    await expect(editor(page).locator('> *')).toHaveCount(content.length);
    const read = editor(page).getByText(`Block ${HERE}`, { exact: true });
    if (caret === 'above') await editor(page).getByText('Block 2', { exact: true }).click();
    await read.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    // The last block in view: a caret at the edge is what a careless page would scroll to.
    const edge = HERE + 8;
    if (caret === 'in what is read') await editor(page).getByText(`Block ${edge}`, { exact: true }).click();
    await saved(page);
    const before = await place(page, `Block ${HERE}`);

    const above = content.get(300);
    if (!(above instanceof Y.XmlElement)) throw new Error('There is no block 300.');
    const changes: [name: string, change: () => void][] = [
      [
        'blocks above',
        () => content.insert(40, [paragraph('New A'), paragraph('New B'), paragraph('New C')]),
      ],
      ['a longer block', () => above.insert(1, [new Y.XmlText(' and more words'.repeat(60))])],
      ['a block just out of sight', () => content.insert(HERE - 20, [paragraph('Much '.repeat(400))])],
      ['fewer blocks', () => content.delete(60, 25)],
      ['the first block', () => content.insert(0, [paragraph('Very first '.repeat(60))])],
    ];
    for (const [name, change] of changes) {
      change();
      await expect(editor(page).locator('> *')).toHaveCount(content.length);
      await expect.poll(() => textLength(page)).toBe(friendLength(content));
      expect(Math.abs((await place(page, `Block ${HERE}`)) - before), name).toBeLessThanOrEqual(2);
    }
    friend.close();
  });

function textLength(page: Page): Promise<number> {
  return editor(page).evaluate((element) =>
    [...element.children].reduce((sum, { textContent }) => sum + textContent.length, 0),
  );
}

function friendLength(content: Y.XmlFragment): number {
  return content.toString().replaceAll(/<[^>]*>/g, '').length;
}
