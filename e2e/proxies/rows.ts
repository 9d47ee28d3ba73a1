import type { Configuration } from './launch.ts';
import { apache } from './apache.ts';
import { caddy } from './caddy.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import { privoxy } from './privoxy.ts';
import { squid, squidAccelerator } from './squid.ts';
import { tinyproxy } from './tinyproxy.ts';
import type { Treatment } from './tcp-proxy.ts';
import { varnish } from './varnish.ts';

/** What a page may end on, the best first. */
export const CARRIERS = ['websocket', 'sse', 'poll'] as const;
export type Carrier = (typeof CARRIERS)[number];

/** A proxy as somebody has it, and what it lets through. */
export interface Row {
  readonly name: string;
  /** A program with its configuration, or what our own proxy does. */
  readonly proxy: Configuration | Treatment;
  /** `reverse` stands before the server; browsers are set to a `forward` one. */
  readonly kind: 'reverse' | 'forward';
  /** The best rung that it lets through. */
  readonly carrier: Carrier;
  /** Whether it cuts what is silent for some seconds. */
  readonly cuts?: true;
}

type Named = Omit<Row, 'kind' | 'proxy'>;

/** Whether a row needs a program of the system. */
export function isConfiguration(proxy: Configuration | Treatment): proxy is Configuration {
  return 'program' in proxy;
}

/** The lines for nginx that everybody recommends. */
export const NGINX_WEBSOCKET = `
proxy_http_version 1.1;
proxy_set_header Host $http_host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $http_connection;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
`;

/** Takes the header away by which a WebSocket asks. */
const HAPROXY_NO_UPGRADE = 'http-request del-header Upgrade';

const VARNISH_PIPE = `
sub vcl_recv { if (req.http.upgrade ~ "(?i)websocket") { return (pipe); } }
sub vcl_pipe {
  if (req.http.upgrade) { set bereq.http.upgrade = req.http.upgrade; set bereq.http.connection = req.http.connection; }
}
`;

const reverse: readonly (Named & { readonly configuration: Configuration })[] = [
  // The rows that HAZARDS measured.
  { name: 'nginx, bare proxy_pass', configuration: nginx(), carrier: 'sse' },
  {
    name: 'nginx that ignores X-Accel-Buffering',
    configuration: nginx({ location: 'proxy_ignore_headers X-Accel-Buffering;' }),
    carrier: 'poll',
  },
  { name: 'haproxy, default', configuration: haproxy(), carrier: 'websocket' },
  {
    name: 'haproxy that denies upgrades',
    configuration: haproxy({ frontend: 'http-request deny if { hdr(Upgrade) -i websocket }' }),
    carrier: 'sse',
  },
  {
    name: 'haproxy that waits for whole bodies',
    configuration: haproxy({ frontend: `${HAPROXY_NO_UPGRADE}\nhttp-response wait-for-body time 20s` }),
    carrier: 'poll',
  },
  { name: 'apache without upgrade', configuration: apache(), carrier: 'sse' },
  { name: 'varnish, default VCL', configuration: varnish(), carrier: 'sse' },
  {
    name: 'varnish that does not stream',
    configuration: varnish({ vcl: 'sub vcl_backend_response { set beresp.do_stream = false; }' }),
    carrier: 'poll',
  },
  // Others that people have.
  {
    name: 'nginx with the lines for WebSockets',
    configuration: nginx({ location: NGINX_WEBSOCKET }),
    carrier: 'websocket',
  },
  {
    name: 'nginx that cuts what is idle for 3 s',
    configuration: nginx({ location: `${NGINX_WEBSOCKET} proxy_read_timeout 3s; proxy_send_timeout 3s;` }),
    carrier: 'websocket',
    cuts: true,
  },
  {
    name: 'nginx without WebSockets that cuts what is idle for 3 s',
    configuration: nginx({ location: 'proxy_read_timeout 3s;' }),
    carrier: 'sse',
    cuts: true,
  },
  {
    name: 'nginx that compresses everything',
    configuration: nginx({ http: 'gzip on; gzip_types *; gzip_min_length 0; gzip_proxied any;' }),
    carrier: 'sse',
  },
  {
    name: 'nginx that compresses and buffers everything',
    configuration: nginx({
      http: 'gzip on; gzip_types *; gzip_min_length 0; gzip_proxied any;',
      location: 'proxy_ignore_headers X-Accel-Buffering; proxy_buffers 64 64k;',
    }),
    carrier: 'poll',
  },
  {
    name: 'nginx that takes bodies of 8 KiB',
    configuration: nginx({ location: 'client_max_body_size 8k;' }),
    carrier: 'sse',
  },
  {
    name: 'nginx with keep-alive to the server',
    configuration: nginx({ location: 'proxy_http_version 1.1; proxy_set_header Connection "";' }),
    carrier: 'sse',
  },
  {
    name: 'haproxy with a short tunnel',
    configuration: haproxy({ defaults: 'timeout tunnel 3s' }),
    carrier: 'websocket',
    cuts: true,
  },
  {
    name: 'haproxy without upgrades or delay',
    configuration: haproxy({ defaults: 'option http-no-delay', frontend: HAPROXY_NO_UPGRADE }),
    carrier: 'sse',
  },
  {
    name: 'haproxy that compresses, without upgrades',
    configuration: haproxy({ frontend: `${HAPROXY_NO_UPGRADE}\ncompression algo gzip` }),
    carrier: 'sse',
  },
  {
    name: 'haproxy that closes after each request, without upgrades',
    configuration: haproxy({ defaults: 'option httpclose', frontend: HAPROXY_NO_UPGRADE }),
    carrier: 'sse',
  },
  {
    name: 'apache with upgrade=websocket',
    configuration: apache({ pass: 'upgrade=websocket' }),
    carrier: 'websocket',
  },
  {
    name: 'apache that compresses everything',
    configuration: apache({ lines: 'SetOutputFilter DEFLATE' }),
    carrier: 'sse',
  },
  {
    name: 'apache that buffers',
    configuration: apache({ lines: 'SetOutputFilter BUFFER' }),
    carrier: 'sse',
  },
  {
    name: 'apache that speaks HTTP 1.0',
    configuration: apache({ lines: 'SetEnv force-proxy-request-1.0 1\nSetEnv proxy-nokeepalive 1' }),
    carrier: 'sse',
  },
  { name: 'varnish with a pipe', configuration: varnish({ vcl: VARNISH_PIPE }), carrier: 'websocket' },
  { name: 'caddy', configuration: caddy(), carrier: 'websocket' },
  {
    name: 'caddy that compresses, without upgrades',
    configuration: caddy({ site: 'encode gzip', proxy: 'header_up -Upgrade' }),
    carrier: 'sse',
  },
  { name: 'squid as an accelerator', configuration: squidAccelerator(), carrier: 'sse' },
  {
    name: 'squid as an accelerator that takes upgrades',
    configuration: squidAccelerator({ rules: 'http_upgrade_request_protocols websocket allow all' }),
    carrier: 'websocket',
  },
];

const forward: readonly (Named & { readonly configuration: Configuration })[] = [
  {
    name: 'squid, CONNECT denied',
    configuration: squid({
      rules: 'acl CONNECT method CONNECT\nhttp_access deny CONNECT\nhttp_access allow all',
    }),
    carrier: 'sse',
  },
  {
    name: 'squid, CONNECT allowed',
    configuration: squid({ rules: 'http_access allow all' }),
    carrier: 'websocket',
  },
  {
    name: 'tinyproxy, ConnectPort 443',
    configuration: tinyproxy({ lines: 'ConnectPort 443' }),
    carrier: 'sse',
  },
  { name: 'tinyproxy, CONNECT everywhere', configuration: tinyproxy(), carrier: 'websocket' },
  { name: 'privoxy', configuration: privoxy(), carrier: 'websocket' },
  {
    name: 'privoxy that limits CONNECT',
    configuration: privoxy({ actions: '+limit-connect{443}' }),
    carrier: 'sse',
  },
  {
    name: 'privoxy that speaks HTTP 1.0',
    configuration: privoxy({ actions: '+limit-connect{443} +downgrade-http-version' }),
    carrier: 'sse',
  },
  {
    name: 'privoxy that filters texts',
    configuration: privoxy({ actions: '+limit-connect{443} +filter{words} +prevent-compression' }),
    carrier: 'poll',
  },
];

/** What no program does when it is asked to. */
const treated: readonly (Named & { readonly treatment: Treatment })[] = [
  {
    name: 'a device that cuts WebSockets 100 ms after their 101',
    treatment: { webSockets: 'cut', afterMs: 100 },
    carrier: 'sse',
  },
  {
    name: 'a device that resets WebSockets 400 ms after their 101',
    treatment: { webSockets: 'reset', afterMs: 400 },
    carrier: 'sse',
  },
  {
    name: 'a device that lets a 101 pass and nothing more',
    treatment: { webSockets: 'swallow' },
    carrier: 'sse',
  },
  {
    name: 'a device that resets who asks for a WebSocket',
    treatment: { webSockets: 'refuse' },
    carrier: 'sse',
  },
  {
    name: 'a device that resets WebSockets and holds events',
    treatment: { webSockets: 'refuse', holdEvents: true },
    carrier: 'poll',
  },
  { name: 'a long way, 100 ms each way', treatment: { upMs: 100, downMs: 100 }, carrier: 'websocket' },
  {
    name: 'a device that cuts what is idle for 3 s',
    treatment: { idleMs: 3_000 },
    carrier: 'websocket',
    cuts: true,
  },
];

/** Every proxy and configuration of the suite. */
export const ROWS: readonly Row[] = [
  ...reverse.map(({ configuration, ...row }) => ({ ...row, proxy: configuration, kind: 'reverse' as const })),
  ...forward.map(({ configuration, ...row }) => ({ ...row, proxy: configuration, kind: 'forward' as const })),
  ...treated.map(({ treatment, ...row }) => ({ ...row, proxy: treatment, kind: 'reverse' as const })),
];

/** The row of that name. Throws where there is none. */
export function rowOf(name: string): Row {
  const found = ROWS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no row ${name}.`);
  return found;
}
