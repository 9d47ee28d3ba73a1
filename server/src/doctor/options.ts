import { parseArgs } from 'node:util';
import { SheafError } from '../error.ts';
import type { Route } from './route.ts';

/** What `sheaf doctor --help` prints. */
export const DOCTOR_HELP = `Usage: sheaf doctor URL [options]

Looks, from where it runs, at how pages reach a Sheaf server at URL (https://docs.example.org), and prints which of its
three ways the proxies on the way let through, and the lines for nginx, Caddy, Traefik, Apache or HAProxy that mend what
they do not. Takes some 15 seconds. Needs no account, and writes nothing on the server.

  --proxy URL        the proxy that browsers here are set to, http://HOST:PORT
  --json             one JSON object on standard output

Exit code 0: WebSockets are fine. 1: pages work, but by a slower way, or connect again and again. 2: pages cannot
connect. 64: a wrong option.
`;

/** The command line of `sheaf doctor`, checked. */
export interface DoctorOptions {
  readonly route: Route;
  readonly json: boolean;
}

const OPTIONS = {
  proxy: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads a command line. `null` asks for help. Throws `bad-setting` with words for a person. */
export function parseDoctorOptions(argv: readonly string[]): DoctorOptions | null {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (thrown) {
    throw SheafError.from(thrown, 'bad-setting');
  }
  const { values, positionals } = parsed;
  if (values.help === true) return null;
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0)
    throw new SheafError('bad-setting', 'One address is wanted: sheaf doctor URL [options].');
  return {
    route: {
      target: readTarget(address),
      proxy: values.proxy === undefined ? null : readProxy(values.proxy),
    },
    json: values.json ?? false,
  };
}

/** The deployment that an address means, also one copied from a page: what stands behind the host is its path. */
function readTarget(text: string): URL {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || !/^(http|ws)s?:$/.test(url.protocol))
    throw new SheafError('bad-setting', `An address like https://docs.example.org is wanted, not "${text}".`);
  const target = new URL(url.href.replace(/^ws/, 'http'));
  target.username = '';
  target.password = '';
  target.search = '';
  target.hash = '';
  // The address of a document, or of an endpoint, is one of the deployment as well.
  target.pathname = target.pathname.replace(/\/(d\/.*|hocuspocus|yjs(\/.*)?)$/, '/').replace(/\/*$/, '/');
  return target;
}

function readProxy(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:' || url.username !== '')
    throw new SheafError('bad-setting', `--proxy wants http://HOST:PORT, not "${text}".`);
  return url;
}
