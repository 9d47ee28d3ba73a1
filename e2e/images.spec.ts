import type { Locator, Page } from '@playwright/test';
import * as Y from 'yjs';
import {
  begin,
  documentPath,
  editor,
  expect,
  inspect,
  installed,
  peer,
  press,
  saved,
  saveState,
  test,
  title,
  violations,
} from './site.ts';

/** Two and a half of the parts in which a page sends a file, bytes. */
const PARTS = 2.5 * 512 * 1024;

/** Gives the editor files by a clipboard or from outside: PNGs drawn in the page, and a text. */
async function give(
  page: Page,
  how: 'paste' | 'drop',
  ...files: readonly ('image' | 'text' | 'parts' | 'large')[]
) {
  await editor(page).evaluate(
    async (element, { way, kinds, lengths }) => {
      const data = new DataTransfer();
      for (const [index, kind] of kinds.entries()) {
        if (kind !== 'image') {
          data.items.add(
            new File(['x'.repeat(lengths[kind])], `plan ${String(index)}.txt`, { type: 'text/plain' }),
          );
          continue;
        }
        const canvas = new OffscreenCanvas(400, 200);
        const context = canvas.getContext('2d');
        if (context) {
          context.fillStyle = `hsl(${String(index * 90 + 200)} 60% 60%)`;
          context.fillRect(0, 0, 400, 200);
        }
        data.items.add(new File([await canvas.convertToBlob()], 'drawn.png', { type: 'image/png' }));
      }
      const options = { bubbles: true, cancelable: true };
      if (way === 'paste') {
        const event = new ClipboardEvent('paste', options);
        Object.defineProperty(event, 'clipboardData', { value: data });
        element.dispatchEvent(event);
        return;
      }
      const { left, bottom } = (element.lastElementChild ?? element).getBoundingClientRect();
      element.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, clientX: left + 5, clientY: bottom - 5, ...options }),
      );
    },
    { way: how, kinds: files, lengths: { text: 1_500, parts: PARTS, large: 26 * 1024 * 1024 } },
  );
}

/** The images that a page shows: loaded, with their pixels. */
async function shown(images: Locator): Promise<void> {
  await expect
    .poll(() =>
      images.evaluateAll(
        (all) =>
          all.length > 0 && all.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
      ),
    )
    .toBe(true);
}

test('MEDIA-1, MEDIA-3: images are pasted, described and resized by keys, and seen by others', async ({
  visit,
  site,
}, info) => {
  const page = await visit(documentPath('album'));
  await begin(page, 'Album');
  await give(page, 'paste', 'image', 'image');
  const figures = editor(page).getByRole('figure');
  await expect(figures).toHaveCount(2);
  await shown(figures.locator('img'));
  await saved(page);
  const box = await figures.first().locator('img').boundingBox();
  expect([box?.width, box?.height]).toEqual([400, 200]);

  // PASTE-10: behind several there is a line to go on in.
  await page.keyboard.type('two areas');
  await expect(figures).toHaveCount(2);
  await expect(editor(page).locator('p').last()).toHaveText('two areas');

  // By keys alone: arrows select the first image; Enter leads to its caption, Tab to what else there is.
  // There is a place between two of them.
  await press(page, 'Home', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
  await expect(figures.first()).toHaveClass(/selected/);
  await press(page, 'Enter');
  await page.keyboard.type('Two colours');
  await press(page, 'Enter', 'Enter');
  await press(page, 'Tab');
  await page.keyboard.type('A blue area');
  await press(page, 'Shift+Tab', 'Shift+Tab');
  await expect(page.getByRole('slider', { name: 'Width of the image' })).toBeFocused();
  const slider = page.getByRole('slider', { name: 'Width of the image' });
  await press(page, 'End', 'ArrowLeft', 'ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuenow', '90');
  // The document's own undo works from there, and the focus stays.
  await press(page, 'Control+z');
  await expect(slider).toHaveAttribute('aria-valuenow', '95');
  await press(page, 'Control+Shift+z');
  await expect(slider).toHaveAttribute('aria-valuenow', '90');
  await expect(slider).toBeFocused();
  await press(page, 'Escape', 'Control+Shift+e');
  await expect(figures.first()).toHaveAccessibleName('A blue area');
  await expect(figures.first()).toHaveAttribute('data-align', 'center');
  await inspect(page, info, 'image');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('image-width').first()).toBeHidden();
  await expect(page.getByTestId('image-alt').first()).toBeHidden();
  await expect(page.getByTestId('image-caption').first()).toBeVisible();
  await page.emulateMedia({ media: null });

  const other = await visit(documentPath('album'));
  const seen = editor(other).getByRole('figure', { name: 'A blue area' });
  await shown(seen.locator('img'));
  await expect(seen.getByRole('textbox', { name: 'Caption' })).toHaveValue('Two colours');
  await press(page, 'Control+z', 'Control+z');
  await expect(seen).not.toHaveAttribute('data-align', 'center');

  // A line of which nothing was changed shows what somebody else writes into it meanwhile, and Enter leaves that alone.
  const caption = figures.first().getByRole('textbox', { name: 'Caption' });
  await figures.first().locator('img').click();
  await press(page, 'Enter');
  await expect(caption).toBeFocused();
  await seen.locator('img').click();
  await press(other, 'Enter', 'Control+a');
  await other.keyboard.type('Two areas');
  await press(other, 'Enter');
  await expect(caption).toHaveValue('Two areas');
  await press(page, 'Enter');
  await expect(caption).not.toBeFocused();
  await expect(caption).toHaveValue('Two areas');

  // A mere press of the grip, another button and a drag that is cancelled change nothing.
  const second = figures.nth(1);
  await second.locator('img').click();
  const grip = second.getByTestId('image-width');
  const pull = async (button: 'left' | 'right', by: number) => {
    const at = await grip.boundingBox();
    const [x, y] = [(at?.x ?? 0) + (at?.width ?? 0) / 2, (at?.y ?? 0) + (at?.height ?? 0) / 2];
    await page.mouse.move(x, y);
    await page.mouse.down({ button });
    await page.mouse.move(x + by, y);
  };
  await pull('left', 0);
  await page.mouse.up();
  await pull('right', -100);
  await page.mouse.up({ button: 'right' });
  await pull('left', -100);
  await expect(second).toHaveAttribute('style', /--width: \d+%/);
  await grip.evaluate((element) => element.releasePointerCapture(1));
  await page.mouse.up();
  await expect(second).toHaveAttribute('style', /--width: 400px/);
  await pull('left', -100);
  await page.mouse.up();
  await expect(second).toHaveAttribute('style', /--width: \d+%/);

  // Copied and pasted, it is the same upload.
  await figures.first().locator('img').click();
  await press(page, 'Control+c', 'Control+End', 'Control+v');
  await expect(figures).toHaveCount(3);
  await saved(page);
  const { doc, close } = peer(site, 'album');
  const sources = (): string[] =>
    doc
      .getText('content')
      .toDelta()
      .flatMap(({ insert }: { insert: unknown }) =>
        insert instanceof Y.XmlElement && insert.nodeName === 'image'
          ? [String(insert.getAttribute('src'))]
          : [],
      );
  await expect.poll(() => sources().length).toBe(3);
  close();
  expect(new Set(sources()).size).toBe(2);
  for (const source of sources()) expect(source).toMatch(/^upload:[0-9a-f]{64}$/);
});

test('KEEP-11, PILL-1: an image of a page without a server is kept, counted, and sent when it is back', async ({
  visit,
  site,
}) => {
  const page = await visit(documentPath('away'), { serviceWorkers: 'allow' });
  await begin(page, 'Away');
  await saved(page);
  // Before that, what keeps files may not be here yet.
  await installed(page);
  await site.stop();
  await expect(saveState(page)).toHaveAttribute('data-state', 'offline', { timeout: 30_000 });
  await give(page, 'paste', 'image');
  const figure = editor(page).getByRole('figure');
  await shown(figure.locator('img'));
  await expect(figure.getByRole('status')).toContainText('Not uploaded yet');
  await expect(saveState(page)).toHaveText(/^Offline, \d changes kept on this device$/);
  await expect(saveState(page)).toHaveAttribute('data-at-risk', '0');
  await site.start();
  await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: 60_000 });
  const other = await visit(documentPath('away'));
  await shown(editor(other).getByRole('figure').locator('img'));
});

test('MEDIA-4, MEDIA-5: files are dropped, downloaded and refused with words; an image elsewhere is not fetched', async ({
  visit,
}, info) => {
  const page = await visit(documentPath('files'));
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  await begin(page, 'Files');
  await give(page, 'drop', 'text', 'large');
  const card = editor(page).getByRole('figure', { name: 'plan 0.txt' });
  await expect(card).toContainText('1.5 kB');
  await expect(page.getByText('plan 1.txt is too large: at most 25 MB')).toBeAttached();
  const download = page.waitForEvent('download');
  await card.getByRole('button', { name: 'Download plan 0.txt' }).click();
  expect((await download).suggestedFilename()).toBe('plan 0.txt');
  await title(page).click();
  await press(page, 'End', 'Enter');
  // Asked for well before: the browser has to be told to hand the choice over.
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.type('/file');
  await expect(page.getByTestId('slash-menu').getByRole('option')).toHaveCount(1);
  await press(page, 'Enter');
  const pdf = { name: 'notes.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };
  await (await chooser).setFiles(pdf);
  await expect(editor(page).getByRole('figure', { name: 'notes.pdf' })).toBeVisible();
  await title(page).click();
  await press(page, 'End', 'Enter');
  await editor(page).evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'https://elsewhere.example/cat.png');
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(editor(page).getByText('Image at elsewhere.example')).toBeVisible();
  await saved(page);
  await inspect(page, info, 'files');
  expect(asked.filter((url) => url.includes('elsewhere.example'))).toEqual([]);
});

test('MEDIA-6: how far an upload is, is seen while it goes; a file is downloaded by a key', async ({
  visit,
}) => {
  const page = await visit(documentPath('progress'), { serviceWorkers: 'block' });
  await begin(page, 'Progress');
  const parts: (() => void)[] = [];
  await page.route('**/uploads/**', async (route) => {
    if (route.request().method() === 'PUT') await new Promise<void>((go) => parts.push(go));
    await route.continue();
  });
  // Of two and a half parts.
  await give(page, 'paste', 'parts');
  const card = editor(page).getByRole('figure', { name: 'plan 0.txt' });
  const bar = card.getByRole('progressbar');
  await expect.poll(() => parts.length).toBe(1);
  await expect(bar).toHaveAccessibleName('Uploading, 0%');
  await expect(saveState(page)).not.toHaveAttribute('data-state', 'saved');
  expect(await violations(page)).toEqual([]);
  parts[0]?.();
  await expect(bar).toHaveAccessibleName('Uploading, 40%');
  await expect(bar).toHaveJSProperty('value', 0.4);
  await expect.poll(() => parts.length).toBe(2);
  parts[1]?.();
  await expect(bar).toHaveAccessibleName('Uploading, 80%');
  await expect.poll(() => parts.length).toBe(3);
  parts[2]?.();
  await expect(bar).toBeHidden();
  await saved(page);

  await title(page).click();
  await press(page, 'End', 'ArrowDown');
  await expect(card).toHaveClass(/selected/);
  await press(page, 'Enter');
  await expect(card.getByRole('button', { name: 'Download plan 0.txt' })).toBeFocused();
  const downloading = page.waitForEvent('download');
  await press(page, 'Enter');
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('plan 0.txt');
  const bytes = Buffer.concat(await (await file.createReadStream()).toArray());
  expect(bytes.toString()).toBe('x'.repeat(PARTS));
  await press(page, 'Escape');
  await expect(editor(page)).toBeFocused();
});
