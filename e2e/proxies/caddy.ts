import type { Configuration } from './launch.ts';

/** Caddy: `site` are lines of the site's block, `proxy` of its reverse_proxy. */
export function caddy({ site = '', proxy = '' } = {}): Configuration {
  return {
    program: 'caddy',
    launch: ({ port, upstream }) => ({
      args: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
      files: {
        Caddyfile: `
{
  admin off
  auto_https off
  log {
    level ERROR
  }
}
http://127.0.0.1:${port} {
  ${site}
  reverse_proxy ${upstream} {
    ${proxy}
  }
}
`,
      },
    }),
  };
}
