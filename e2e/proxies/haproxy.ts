import type { Configuration } from './launch.ts';

/**
 * HAProxy: `defaults` and `frontend` are lines of those sections; `whole` stands in place of all, bound to port 80. `pem`: a
 * key and its certificate; it speaks TLS then, and HTTP/2.
 */
export function haproxy({ defaults = '', frontend = '', whole = '', pem = '' } = {}): Configuration {
  const tls = pem === '' ? '' : 'ssl crt site.pem alpn h2,http/1.1';
  return {
    program: 'haproxy',
    launch: ({ port, upstream }) => ({
      args: ['-db', '-f', 'haproxy.cfg'],
      files: {
        'site.pem': pem,
        'haproxy.cfg':
          whole === ''
            ? `
global
  maxconn 512
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
  ${defaults}
frontend entrance
  bind 127.0.0.1:${port} ${tls}
  ${frontend}
  default_backend sheaf
backend sheaf
  server one ${upstream}
`
            : whole.replace('bind :80', `bind 127.0.0.1:${port}`),
      },
    }),
  };
}
