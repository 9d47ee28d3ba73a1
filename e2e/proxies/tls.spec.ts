import { spawnSync } from 'node:child_process';
import { documentPath, expect, saved, title } from '../site.ts';
import type { Configuration } from './launch.ts';
import { carriedBy, measured, test } from './through.ts';

/** A key and a certificate that it signed itself, for this machine, in one PEM file; null without openssl. */
function certificate(): string | null {
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-days',
    '2',
    ...key,
    ...name,
    '-keyout',
    '-',
    '-out',
    '-',
  ]);
  return made.status === 0 ? made.stdout.toString() : null;
}

const WEBSOCKET =
  'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; proxy_read_timeout 1h;';

/** nginx that ends TLS and speaks HTTP/2 to browsers; HTTP/1.1 to the server, as it does to all. */
function nginxTls(pem: string, location: string): Configuration {
  return {
    program: 'nginx',
    launch: ({ port, upstream, folder }) => ({
      args: ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'],
      files: {
        'site.pem': pem,
        'nginx.conf': `
daemon off;
worker_processes 1;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate site.pem;
    ssl_certificate_key site.pem;
    location / {
      proxy_pass http://${upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      ${location}
    }
  }
}
`,
      },
    }),
  };
}

for (const [carrier, location] of [
  ['websocket', WEBSOCKET],
  ['sse', ''],
  ['poll', 'proxy_ignore_headers X-Accel-Buffering;'],
] as const)
  test(`two people write through TLS and HTTP/2, by ${carrier}`, async ({ configured, open }) => {
    const pem = certificate();
    test.skip(pem === null, 'openssl is not installed');
    const { proxy } = await configured(nginxTls(pem ?? '', location));
    const way = { url: `https://127.0.0.1:${proxy.port}`, options: { ignoreHTTPSErrors: true } };
    const path = documentPath(`tls ${carrier}`);
    const begun = performance.now();
    const [ada, ben] = await Promise.all([open(way, path), open(way, path)]);
    await Promise.all([saved(ada), saved(ben)]);
    measured(`saved ${String(Math.round(performance.now() - begun))} ms after opening`);
    await title(ada).click();
    await ada.keyboard.type('Ada writes.');
    await expect(title(ben)).toHaveText('Ada writes.');
    await title(ben).click();
    await ben.keyboard.press('End');
    await ben.keyboard.type(' Ben as well.');
    await expect(title(ada)).toHaveText('Ada writes. Ben as well.');
    await saved(ben);
    expect(await carriedBy(ada, carrier)).toBe(carrier);
    const protocol = await ada.evaluate(() => {
      const [page] = performance.getEntriesByType('navigation');
      return page instanceof PerformanceNavigationTiming ? page.nextHopProtocol : '';
    });
    expect(protocol).toBe('h2');
  });
