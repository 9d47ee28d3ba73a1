import type { IncomingHttpHeaders } from 'node:http';

/** Proxies by a word in the headers that they add (`Server`, `Via`, and their own). */
const BY_WORD: readonly (readonly [RegExp, string])[] = [
  [/cloudflare/i, 'Cloudflare'],
  [/\bcaddy\b/i, 'Caddy'],
  [/traefik/i, 'Traefik'],
  [/openresty|nginx/i, 'nginx'],
  [/\bapache\b/i, 'Apache'],
  [/haproxy/i, 'HAProxy'],
  [/varnish/i, 'Varnish'],
  [/squid/i, 'Squid'],
  [/tinyproxy/i, 'Tinyproxy'],
  [/privoxy/i, 'Privoxy'],
  [/envoy/i, 'Envoy'],
  [/awselb|cloudfront/i, 'AWS'],
  [/google frontend|\bgws\b/i, 'Google'],
  [/microsoft-iis|azure/i, 'IIS or Azure'],
  [/lighttpd/i, 'lighttpd'],
];

/** The proxies that an answer's headers name, nearest to the asker last to first as far as that can be told. */
export function proxiesIn(headers: IncomingHttpHeaders): readonly string[] {
  const told = [headers.via, headers.server, headers['x-varnish'] === undefined ? undefined : 'varnish']
    .flat()
    .filter((value) => value !== undefined)
    .join(' ');
  return BY_WORD.filter(([word]) => word.test(told)).map(([, name]) => name);
}
