import { spawnSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { documentPath, expect } from '../site.ts';
import { haproxy } from './haproxy.ts';
import type { Configuration } from './launch.ts';
import { nginx } from './nginx.ts';
import { NGINX_WEBSOCKET } from './rows.ts';
import { measured, openTwo, test, writeTogether } from './through.ts';

/** A key, and a certificate for this machine that it signed itself, as PEM; null without openssl. */
function certificate(): string | null {
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-days',
    '2',
    ...curve,
    ...name,
    '-keyout',
    '-',
    '-out',
    '-',
  ]);
  return made.status === 0 ? made.stdout.toString() : null;
}

/** By which version of HTTP a page came, as ALPN calls it. */
function protocolOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const [came] = performance.getEntriesByType('navigation');
    return came instanceof PerformanceNavigationTiming ? came.nextHopProtocol : '';
  });
}

/** Without it the server does not know the page's own origin. */
const HOST = 'proxy_set_header Host $http_host;';

const WAYS = [
  ['websocket', 'nginx', (pem: string): Configuration => nginx({ pem, location: NGINX_WEBSOCKET })],
  // It takes WebSockets over HTTP/2 as well (RFC 8441).
  ['websocket', 'haproxy', (pem: string): Configuration => haproxy({ pem })],
  ['sse', 'nginx', (pem: string): Configuration => nginx({ pem, location: HOST })],
  [
    'poll',
    'nginx',
    (pem: string): Configuration =>
      nginx({ pem, location: `${HOST} proxy_ignore_headers X-Accel-Buffering;` }),
  ],
] as const;

for (const [carrier, name, configure] of WAYS)
  test(`two people write through TLS and HTTP/2 at ${name}, by ${carrier}`, async ({ configured, open }) => {
    const pem = certificate();
    test.skip(pem === null, 'openssl is not installed');
    const { proxy } = await configured(configure(pem ?? ''));
    // A browser that lets the certificate pass still lets no service worker in by it, and says so.
    const options = { ignoreHTTPSErrors: true, serviceWorkers: 'block' as const };
    const way = { url: `https://127.0.0.1:${proxy.port}`, options };
    const path = documentPath(`tls ${name} ${carrier}`);
    const { pages, ms } = await openTwo(open, way, path);
    measured(`saved ${ms.join(' and ')} ms after opening`);
    expect(await writeTogether(pages, carrier)).toEqual([carrier, carrier]);
    expect(await protocolOf(pages[0])).toBe('h2');
  });
