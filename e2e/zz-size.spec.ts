import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { documentPath, editor, expect, saved, test, title } from './site.ts';

test('size', async ({ visit }) => {
  const first = await visit(documentPath('size'));
  await title(first).click();
  await first.keyboard.type('Size');
  await saved(first);
  const page = await first.context().newPage();
  const got = new Set<string>();
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (path.endsWith('.js') && path !== '/sw.js') got.add(path);
  });
  await page.goto(first.url());
  await expect(editor(page)).toContainText('Size');
  const seen = [...got];
  let sum = 0;
  for (const path of seen) sum += brotliCompressSync(readFileSync(`client/dist${path}`)).length;
  console.log(
    'FIRST SCRIPT',
    sum,
    seen.length,
    256_000 - sum,
    seen.map((p) => `${p} ${brotliCompressSync(readFileSync(`client/dist${p}`)).length}`).join('\n'),
  );
});
