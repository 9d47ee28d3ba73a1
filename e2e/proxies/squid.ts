import { join } from 'node:path';
import type { Configuration, Place } from './launch.ts';

/** Squid as the proxy that an office's browsers are set to. `rules` decide what may pass. */
export function squid({ rules = '' } = {}): Configuration {
  return configuration(({ port }) => `http_port 127.0.0.1:${port}\n${rules}`);
}

/** Squid before a server, as an accelerator. */
export function squidAccelerator({ rules = '' } = {}): Configuration {
  return configuration(({ port, upstream }) => {
    const [host = '', upstreamPort = ''] = upstream.split(':');
    return `
http_port 127.0.0.1:${port} accel defaultsite=127.0.0.1:${port} no-vhost
cache_peer ${host} parent ${upstreamPort} 0 no-query originserver name=sheaf
http_access allow all
never_direct allow all
${rules}
`;
  });
}

function configuration(body: (place: Place) => string): Configuration {
  return {
    program: 'squid',
    launch: (place) => {
      const share = join(place.program.root, '/usr/share');
      return {
        args: ['-N', '-f', join(place.folder, 'squid.conf')],
        files: {
          'squid.conf': `
${body(place)}
cache deny all
cache_log /dev/null
access_log none
pid_filename none
coredump_dir ${place.folder}
mime_table ${share}/squid/mime.conf
icon_directory ${share}/squid/icons
error_directory ${share}/squid-langpack/English
visible_hostname office.example
unlinkd_program /bin/true
pinger_enable off
logfile_rotate 0
netdb_filename none
shutdown_lifetime 0 seconds
max_filedescriptors 1024
`,
        },
      };
    },
  };
}
