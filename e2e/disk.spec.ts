import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { documentPath, editor, expect, saveState, saved, test as base, title } from './site.ts';

/** A file system of its own, small enough to be filled. */
interface Disk {
  readonly folder: string;
  /** Takes all the room that is left. */
  fill(): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
}

const test = base.extend<{ disk: Disk }>({
  disk: async ({ browserName: _browserName }, use, info) => {
    const folder = await mkdtemp(join(tmpdir(), 'sheaf-disk-'));
    const ballast = join(folder, 'ballast');
    const mounted = process.getuid?.() === 0 && run('mount', '-t', 'tmpfs', '-o', 'size=3m', 'sheaf', folder);
    try {
      info.skip(!mounted, 'no small file system can be mounted here: that takes root');
      await use({
        folder,
        fill: async () => {
          const { bavail, bsize } = await statfs(folder);
          await writeFile(ballast, new Uint8Array(bavail * bsize));
        },
        free: () => rm(ballast),
      });
    } finally {
      if (mounted) run('umount', folder);
      await rm(folder, { recursive: true });
    }
  },
  server: ({ disk }, use) => use({ data: disk.folder }),
});

test.skip(
  ({ topology }) => topology !== 'one',
  'the disk is one server’s, and so are the people who write to it',
);

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** Counts how often a page connects. */
function connections(page: Page): () => number {
  let count = 0;
  page.on('websocket', () => (count += 1));
  return () => count;
}

test('a full disk shows "Not saved", and loses nothing once there is room', async ({ visit, site, disk }) => {
  const path = documentPath('full');
  const ada = await visit(path, { name: 'Ada' });
  const ben = await visit(path, { name: 'Ben' });
  await title(ada).click();
  await ada.keyboard.type('Minutes');
  await ada.keyboard.press('Enter');
  await ada.keyboard.type('Written before. ');
  await saved(ada);
  await expect(editor(ben)).toContainText('Written before.');

  // After a start the database has no room in files of its own that it could use up first.
  await site.stop();
  await site.start();
  await saved(ada);
  await saved(ben);
  await disk.fill();
  const attempts = connections(ada);
  await ada.keyboard.type('Written meanwhile. ');
  await expect(saveState(ada)).toHaveAttribute('data-state', 'not-saved');
  await expect(saveState(ada)).toHaveText(/^Not saved, \d+ changes? kept on this device$/);
  await title(ben).click();
  await ben.keyboard.press('End');
  await ben.keyboard.type(' of today');
  await expect(saveState(ben)).toHaveAttribute('data-state', 'not-saved');
  await expect(title(ben)).toHaveText('Minutes of today');
  await expect(editor(ada)).toContainText('Written before. Written meanwhile.');
  // The page has been refused for a while, and goes on trying.
  await expect.poll(attempts, { timeout: 60_000 }).toBeGreaterThanOrEqual(5);
  await expect(saveState(ada)).toHaveAttribute('data-state', 'not-saved');
  await ada.keyboard.type('Last words.');
  const cleo = await visit(path, { name: 'Cleo' });
  await expect(cleo.getByRole('heading', { name: 'This document can’t be opened yet' })).toBeVisible();

  await disk.free();
  await expect(saveState(ada)).toHaveAttribute('data-state', 'saved', { timeout: 10_000 });
  await expect(saveState(ben)).toHaveAttribute('data-state', 'saved', { timeout: 10_000 });
  await expect(title(cleo)).toHaveText('Minutes of today', { timeout: 10_000 });

  await site.stop();
  await site.start();
  const late = await visit(path);
  await expect(title(late)).toHaveText('Minutes of today');
  await expect(editor(late).locator('p')).toHaveText('Written before. Written meanwhile. Last words.');
});
