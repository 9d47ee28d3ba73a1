import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examine, judge } from '@sheaf/server/doctor';
import type { Verdict } from '@sheaf/server/doctor';
import { expect } from '../site.ts';
import { apache } from './apache.ts';
import { caddy } from './caddy.ts';
import { diagnose, doctor } from './doctor.ts';
import { haproxy } from './haproxy.ts';
import type { Configuration } from './launch.ts';
import { nginx } from './nginx.ts';
import { findProgram } from './programs.ts';
import type { ProgramName } from './programs.ts';
import { isConfiguration, rowOf, ROWS } from './rows.ts';
import { measured, test } from './through.ts';
import type { Way } from './through.ts';

/** Each waits for most of its time, so many look at once; what they start costs processor time. */
const AT_ONCE = 16;

/** Looks as the command does, without a process for each. */
async function examineWay({ url, options }: Way): Promise<Verdict & { words: string }> {
  const proxy = options.proxy === undefined ? null : new URL(options.proxy.server);
  const instruments = { now: () => performance.now(), clock: Date.now, signal: new AbortController().signal };
  const findings = await examine({ target: new URL(`${url}/`), proxy }, instruments);
  return { ...judge(findings), words: JSON.stringify(findings) };
}

test('the doctor finds behind each proxy what pages find there', async ({ through, estate }) => {
  const waiting = ROWS.filter(({ proxy }) => !isConfiguration(proxy) || findProgram(proxy.program) !== null);
  const looked = waiting.length;
  const wrong: string[] = [];
  const look = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { name, kind, carrier, cuts } = next;
      const way = await through(next);
      const found = await examineWay(way);
      const code = carrier === 'websocket' && cuts !== true ? 0 : 1;
      if (found.best !== carrier || found.exitCode !== code)
        wrong.push(`${name} (${kind}): ${found.best ?? 'nothing'}, ${found.exitCode}: ${found.words}`);
      if (cuts === true && !found.problems.includes('idle')) wrong.push(`${name}: does not see that it cuts`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  measured(`${looked} proxies`);
  expect(wrong).toEqual([]);
  const direct = await diagnose(estate.server.url);
  expect(direct).toMatchObject(SOUND);
});

test('it names the proxy and says what to write where, to a person and to a program', async ({ through }) => {
  const { url } = await through(rowOf('nginx, bare proxy_pass'));
  const [{ code, said }, found] = await Promise.all([doctor(url), diagnose(url)]);
  expect(code).toBe(1);
  expect(said).toContain('WebSocket              no    Answered 426.');
  expect(said).toContain('Event stream and POST  ok');
  expect(said).toContain('Pages fall back to: Event stream and POST.');
  expect(said).toContain('nginx, in "location / { … }":');
  expect(said).toContain('    proxy_set_header Upgrade $http_upgrade;');
  expect(found).toMatchObject({ code: 1, best: 'sse', reach: { proxies: ['nginx'] } });
  expect(found.problems).toEqual(['websocket', 'address']);
  expect(found.remedies.map(({ proxy }) => proxy)).toEqual(['nginx']);
});

test('where nobody answers, and where somebody else does, nothing works', async ({ treated, estate }) => {
  const { url, proxy } = await treated();
  await proxy[Symbol.asyncDispose]();
  const [gone, other] = await Promise.all([diagnose(url), diagnose(`${estate.server.url}/d`)]);
  expect(gone).toMatchObject({ code: 2, best: null });
  expect(other).toMatchObject({ code: 2, best: null });
});

/** What is found where nothing is wrong. */
const SOUND = { code: 0, best: 'websocket', fine: true, problems: [] };

/** Configurations in which something is broken, and where the doctor's lines go. */
const broken: readonly {
  readonly name: string;
  readonly before: Configuration;
  readonly after: (lines: (place: string) => string) => Configuration;
}[] = [
  {
    name: 'nginx, bare',
    before: nginx(),
    after: (lines) => nginx({ location: lines('"location / { … }"') }),
  },
  {
    name: 'nginx that holds and cuts',
    before: nginx({ location: 'proxy_ignore_headers X-Accel-Buffering; proxy_read_timeout 3s;' }),
    after: (lines) =>
      nginx({ location: `proxy_ignore_headers X-Accel-Buffering; ${lines('"location / { … }"')}` }),
  },
  {
    name: 'nginx that takes small bodies',
    before: nginx({ location: 'client_max_body_size 8k;' }),
    after: (lines) => nginx({ location: lines('"location / { … }"') }),
  },
  {
    name: 'apache without upgrade',
    before: apache(),
    after: (lines) =>
      apache({
        pass: null,
        lines: `${lines('in place of your ProxyPass')}\n${lines('in "<VirtualHost …>"')}`,
      }),
  },
  {
    name: 'haproxy with a short tunnel and late events',
    before: haproxy({ defaults: 'timeout tunnel 3s' }),
    after: (lines) =>
      haproxy({ defaults: `timeout tunnel 3s\n${lines('"defaults"')}`, frontend: lines('"frontend"') }),
  },
];

test('the lines that it prints mend what is broken', async ({ configured, estate }) => {
  const mend = async ({ name, before, after }: (typeof broken)[number]): Promise<void> => {
    const { url, proxy } = await configured(before);
    const found = await diagnose(url);
    expect(found.problems, name).not.toEqual([]);
    const remedies = found.remedies.flatMap((one) =>
      one.proxy === proxyOf(before.program) ? one.remedies : [],
    );
    const lines = (place: string): string =>
      remedies
        .filter(({ where }) => where.includes(place))
        .flatMap(({ lines: those }) => those)
        .join('\n')
        // The examples name a port of theirs.
        .replaceAll('127.0.0.1:8080', `127.0.0.1:${estate.server.port}`);
    await proxy.restart(after(lines));
    expect(await diagnose(url), name).toMatchObject(SOUND);
  };
  await Promise.all(broken.map(mend));
});

/** How the doctor calls a program. */
function proxyOf(program: ProgramName): string {
  const names: Partial<Record<ProgramName, string>> = {
    nginx: 'nginx',
    apache2: 'Apache',
    haproxy: 'HAProxy',
    caddy: 'Caddy',
  };
  return names[program] ?? program;
}

/** The examples as they stand, but for addresses. */
const examples: readonly { readonly file: string; readonly make: (text: string) => Configuration }[] = [
  { file: 'nginx.conf', make: (text) => nginx({ servers: text }) },
  { file: 'apache.conf', make: (text) => apache({ hosts: text }) },
  { file: 'haproxy.cfg', make: (text) => haproxy({ whole: text }) },
  { file: 'Caddyfile', make: (text) => caddy({ sites: text }) },
];

test('the examples of deploy/proxies leave nothing to mend', async ({ configured, estate }) => {
  const look = async ({ file, make }: (typeof examples)[number]): Promise<void> => {
    const text = await readFile(join(import.meta.dirname, '../../deploy/proxies', file), 'utf8');
    const { url } = await configured(
      make(text.replaceAll('127.0.0.1:8080', `127.0.0.1:${estate.server.port}`)),
    );
    expect(await diagnose(url), file).toMatchObject(SOUND);
  };
  await Promise.all(examples.map(look));
});
