import type { Configuration } from './launch.ts';

/** Tinyproxy as the proxy that browsers are set to. */
export function tinyproxy({ lines = '' } = {}): Configuration {
  return {
    program: 'tinyproxy',
    launch: ({ port }) => ({
      args: ['-d', '-c', 'tinyproxy.conf'],
      files: {
        'tinyproxy.conf': `
Port ${port}
Listen 127.0.0.1
Timeout 600
MaxClients 100
LogLevel Error
${lines}
`,
      },
    }),
  };
}
