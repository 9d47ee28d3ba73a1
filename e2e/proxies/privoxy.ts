import { join } from 'node:path';
import type { Configuration } from './launch.ts';

/** Privoxy as the proxy that browsers are set to: `actions` are applied to every address. */
export function privoxy({ actions = '' } = {}): Configuration {
  return {
    program: 'privoxy',
    launch: ({ port, folder, program }) => ({
      args: ['--no-daemon', 'privoxy.conf'],
      files: {
        'privoxy.conf': `
confdir ${folder}
templdir ${join(program.root, '/etc/privoxy/templates')}
logdir ${folder}
filterfile own.filter
actionsfile own.action
listen-address 127.0.0.1:${port}
socket-timeout 300
keep-alive-timeout 5
`,
        'own.action': `{ ${actions} }\n/\n`,
        'own.filter': 'FILTER: words a filter that must see the whole text\ns@sheaf-never@sheaf-never@g\n',
      },
    }),
  };
}
