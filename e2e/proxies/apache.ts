import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from './launch.ts';

const MODULES = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'proxy_wstunnel', 'headers', 'setenvif'];
const MODULES_FOR_SOME = ['filter', 'deflate', 'buffer', 'env', 'rewrite'];

/**
 * Apache's httpd: `pass` are the parameters of ProxyPass (null: there is none), `lines` stand beside it; `hosts` stands
 * in place of the whole host, which listens on port 80.
 */
export function apache({
  pass = '',
  lines = '',
  hosts = '',
}: {
  pass?: string | null;
  lines?: string;
  hosts?: string;
} = {}): Configuration {
  return {
    program: 'apache2',
    launch: ({ port, upstream, folder, program }) => {
      const modules = join(program.root, '/usr/lib/apache2/modules');
      const load = [...MODULES, ...MODULES_FOR_SOME]
        .map((name) => ({ name, file: join(modules, `mod_${name}.so`) }))
        .filter(({ file }) => existsSync(file))
        .map(({ name, file }) => `LoadModule ${name}_module ${file}`);
      return {
        args: ['-DFOREGROUND', '-d', folder, '-f', join(folder, 'apache.conf')],
        files: {
          'apache.conf': `
ServerName localhost
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog /dev/null
Mutex pthread default
Listen 127.0.0.1:${port}
${load.join('\n')}
${process.getuid?.() === 0 ? 'User nobody\nGroup #65534' : ''}
StartServers 1
MaxRequestWorkers 64
ThreadsPerChild 64
${
  hosts === ''
    ? `<VirtualHost 127.0.0.1:${port}>\n${pass === null ? '' : `ProxyPass / http://${upstream}/ ${pass}`}\n${lines}\n</VirtualHost>`
    : hosts.replace('*:80', `127.0.0.1:${port}`)
}
`,
        },
      };
    },
  };
}
