import type { Configuration } from './launch.ts';

/** HAProxy: `defaults` and `frontend` are lines of those sections. */
export function haproxy({ defaults = '', frontend = '' } = {}): Configuration {
  return {
    program: 'haproxy',
    launch: ({ port, upstream }) => ({
      args: ['-db', '-f', 'haproxy.cfg'],
      files: {
        'haproxy.cfg': `
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
  bind 127.0.0.1:${port}
  ${frontend}
  default_backend sheaf
backend sheaf
  server one ${upstream}
`,
      },
    }),
  };
}
