import type { Configuration } from './launch.ts';

/**
 * nginx: `location` stands behind `proxy_pass`, `http` around it; `servers` in place of both, listening on port 80. `pem`: a
 * key and its certificate; it speaks TLS then, and HTTP/2.
 */
export function nginx({ location = '', http = '', servers = '', pem = '' } = {}): Configuration {
  const tls = pem === '' ? '' : 'ssl_certificate site.pem; ssl_certificate_key site.pem;';
  return {
    program: 'nginx',
    launch: ({ port, upstream, folder }) => ({
      args: ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'],
      files: {
        'site.pem': pem,
        'nginx.conf': `
daemon off;
worker_processes 1;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  default_type application/octet-stream;
  ${http}
  ${
    servers === ''
      ? `server { listen 127.0.0.1:${port} ${tls && 'ssl http2'}; ${tls} location / { proxy_pass http://${upstream}; ${location}\n } }`
      : servers.replace('listen 80;', `listen 127.0.0.1:${port};`)
  }
}
`,
      },
    }),
  };
}
