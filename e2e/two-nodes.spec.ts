import { startServer } from '@sheaf/server';
import type { Server, ServerOptions } from '@sheaf/server';
import { documentPath, expect, saved, saveState, test as base, title } from './site.ts';

const LISTEN = { host: '127.0.0.1', port: 0 };

/** A node beside the story's own, which has to have what is called saved. */
interface Second {
  stop(): Promise<void>;
  /** Starts it again, without what it had. */
  start(): Promise<void>;
  readonly port: number;
}

const test = base.extend<{ second: Second; server: ServerOptions }>({
  second: async ({ browser: _browser }, use) => {
    const cluster = { listen: LISTEN, peers: [], node: null, tls: null };
    let server: Server = await startServer({ cluster });
    const port = server.clusterPort ?? 0;
    const start = async (): Promise<void> => {
      server = await startServer({ cluster: { ...cluster, listen: { ...LISTEN, port } } });
    };
    await use({ port, start, stop: () => server.stop() });
    await server.stop();
  },
  server: async ({ second }, use) => {
    const peers = [{ kind: 'address', host: '127.0.0.1', port: second.port } as const];
    await use({ cluster: { listen: LISTEN, peers, node: null, tls: null, replicas: 2 } });
  },
});

test.skip(({ topology }) => topology !== 'one', 'it stops and starts a second node of its own');

test('PILL-6 without the second server a change is said to be on one, kept here as unsent, and saved when it is back', async ({
  visit,
  second,
}) => {
  const path = documentPath('on two');
  const page = await visit(path);
  await title(page).click();
  await page.keyboard.type('On two servers');
  await saved(page);

  await second.stop();
  await page.keyboard.type(' and on one');
  await expect(saveState(page)).toHaveAttribute('data-state', 'partly-saved');
  await expect(saveState(page)).toHaveText('Saved on one server; waiting for a second');
  await expect(
    page.getByText('Saved on one server; waiting for a second', { exact: true }).last(),
  ).toHaveAttribute('aria-live', 'polite');
  await saveState(page).click();
  await expect(page.getByRole('status')).toContainText('11 changes are kept on this device.');
  await saveState(page).press('Escape');
  await expect(saveState(page)).toHaveAttribute('data-at-risk', '0');

  // This browser does not forget that they are on one server only.
  await page.reload();
  await expect(title(page)).toHaveText('On two servers and on one');
  await expect(saveState(page)).toHaveAttribute('data-state', 'partly-saved');
  const other = await visit(path);
  await expect(title(other)).toHaveText('On two servers and on one');

  await second.start();
  await saved(page);
  await saved(other);
});
