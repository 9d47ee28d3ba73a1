import type { Page } from '@playwright/test';
import { documentPath, expect, saved, title } from '../site.ts';
import { haproxy } from './haproxy.ts';
import type { Configuration } from './launch.ts';
import { nginx } from './nginx.ts';
import { rowOf, isConfiguration } from './rows.ts';
import { carriedBy, test } from './through.ts';

/** Longer than the page needs to notice, to try again and to climb. */
const SETTLED = { timeout: 30_000 };

function configurationOf(name: string): Configuration {
  const { proxy } = rowOf(name);
  if (!isConfiguration(proxy)) throw new Error(`${name} is no program's.`);
  return proxy;
}

/** A page tries WebSockets again when a network comes, which is quicker than waiting for its clock. */
function tellOfNetwork(page: Page): Promise<void> {
  return page.evaluate(() => void window.dispatchEvent(new Event('online')));
}

const kinds = [
  {
    name: 'nginx',
    allows: configurationOf('nginx with the lines for WebSockets'),
    denies: nginx(),
  },
  {
    name: 'haproxy',
    allows: haproxy(),
    denies: configurationOf('haproxy that denies upgrades'),
  },
];

for (const { name, allows, denies } of kinds) {
  test(`${name} is set to deny WebSockets and to allow them again while two people write`, async ({
    configured,
    open,
    estate,
  }) => {
    const way = await configured(allows);
    const path = documentPath(`switched by ${name}`);
    const [ada, ben] = await Promise.all([open(way, path), open(way, path)]);
    await Promise.all([saved(ada), saved(ben)]);
    expect(await carriedBy(ada, 'websocket')).toBe('websocket');
    await title(ada).click();
    await ada.keyboard.type('one ');
    await expect(title(ben)).toHaveText('one');

    // She does not stop for it.
    const typing = ada.keyboard.type('two three ', { delay: 40 });
    await way.proxy.restart(denies);
    await typing;
    await expect(title(ben)).toHaveText('one two three', SETTLED);
    await expect(ada.getByTestId('save-state')).toHaveAttribute('data-carrier', 'sse', SETTLED);
    await expect(ben.getByTestId('save-state')).toHaveAttribute('data-carrier', 'sse', SETTLED);
    await saved(ada);

    const more = ada.keyboard.type('four five ', { delay: 40 });
    await way.proxy.restart(allows);
    await more;
    await expect(title(ben)).toHaveText('one two three four five', SETTLED);
    await Promise.all([tellOfNetwork(ada), tellOfNetwork(ben)]);
    await expect(ada.getByTestId('save-state')).toHaveAttribute('data-carrier', 'websocket', SETTLED);
    await expect(ben.getByTestId('save-state')).toHaveAttribute('data-carrier', 'websocket', SETTLED);
    await ada.keyboard.type('six');
    await expect(title(ben)).toHaveText('one two three four five six');
    await Promise.all([saved(ada), saved(ben)]);

    const fresh = await open({ url: estate.server.url, options: {} }, path);
    await expect(title(fresh)).toHaveText('one two three four five six');
  });
}
