import { join } from 'node:path';
import type { Configuration } from './launch.ts';

/** Varnish: `vcl` are subroutines behind its backend; without them its built-in ones rule. */
export function varnish({ vcl = '' } = {}): Configuration {
  return {
    program: 'varnishd',
    launch: ({ port, upstream, folder }) => {
      const [host = '', upstreamPort = ''] = upstream.split(':');
      return {
        args: [
          ...['-F', '-j', 'none', '-n', join(folder, 'work'), '-f', join(folder, 'sheaf.vcl')],
          ...['-a', `127.0.0.1:${port}`, '-s', 'malloc,32m'],
          ...['-p', 'thread_pools=1', '-p', 'thread_pool_min=20'],
          // The compiled configuration needs nothing of the C library's, so this needs no headers of it.
          ...['-p', 'cc_command=exec gcc -O1 -w -fpic -shared -nostdlib -Wl,-x -o %o %s'],
        ],
        files: {
          'sheaf.vcl': `
vcl 4.1;
backend default { .host = "${host}"; .port = "${upstreamPort}"; }
${vcl}
`,
        },
      };
    },
  };
}
