import type { Configuration } from './launch.ts';

/** Caddy: `site` are lines of the site's block, `proxy` of its reverse_proxy; `sites` stand in place of both. */
export function caddy({ site = '', proxy = '', sites = '' } = {}): Configuration {
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
${
  sites === ''
    ? `http://127.0.0.1:${port} {\n${site}\nreverse_proxy ${upstream} {\n${proxy}\n}\n}`
    : sites.replace('docs.example.org', `http://127.0.0.1:${port}`)
}
`,
      },
    }),
  };
}
