import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as requestHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe as suite, test, type TestContext } from 'node:test';
import { startServer, type ServerOptions } from '../main.ts';
import { doctorCommand } from './command.ts';
import { examine, type Findings } from './examine.ts';
import { proxiesIn } from './headers.ts';
import { DOCTOR_HELP, parseDoctorOptions } from './options.ts';
import { remediesFor, remediesIn } from './remedies.ts';
import { describe } from './report.ts';
import { judge, type Verdict } from './verdict.ts';

/** A stranger may stay for so long here: each rung is left silent until the server ends it, ms. */
const LIMITS = { authenticateMs: 2_500, closeMs: 200 };

/** Looks at an address, at once with whatever else a test looks at. */
async function look(url: string, clock = Date.now): Promise<Findings & Verdict & { report: string }> {
  const route = { target: new URL(`${url}/`), proxy: null };
  const signal = new AbortController().signal;
  const findings = await examine(route, { now: () => performance.now(), clock, signal });
  const verdict = judge(findings);
  return { ...findings, ...verdict, report: describe(route, findings, verdict) };
}

/** What a proxy of a test does with what it is asked; the rest passes to the server. */
interface Tampering {
  /** True if it has answered. */
  readonly request?: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly upgrade?: (request: IncomingMessage, socket: Duplex) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the server is told of the host. */
  readonly host?: string;
  readonly answer?: Readonly<Record<string, string>>;
}

/** A server behind a small proxy; resolves with the proxy's address. */
async function behind(t: TestContext, tampering: Tampering, options: ServerOptions = {}): Promise<string> {
  const server = await startServer({ limits: LIMITS, ...options });
  const proxy = createServer((request, response) => {
    if (tampering.request?.(request, response) === true) return;
    const headers = {
      ...request.headers,
      ...tampering.headers,
      ...(tampering.host === undefined ? {} : { host: tampering.host }),
    };
    const { method, url: path } = request;
    const up = requestHttp({ host: '127.0.0.1', port: server.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...tampering.answer });
      answer.pipe(response);
      response.flushHeaders();
    });
    up.on('error', () => response.destroy());
    response.on('close', () => up.destroy());
    request.pipe(up);
  });
  proxy.on('upgrade', (request, socket) => {
    // It may be cut at any moment.
    socket.on('error', () => socket.destroy());
    if (tampering.upgrade?.(request, socket) === true) return;
    const up = connect(server.port, '127.0.0.1');
    up.on('error', () => socket.destroy());
    const lines = Object.entries({ ...request.headers, ...tampering.headers }).map(
      ([name, value]) => `${name}: ${String(value)}`,
    );
    up.write([`GET ${request.url ?? ''} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    up.pipe(socket).pipe(up);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await server.stop();
  });
  // It listens on TCP.
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

function rung(findings: Findings, name: string) {
  const found = findings.rungs.find((one) => one.rung === name);
  assert.ok(found, `no finding about ${name}`);
  return found;
}

// They mostly wait, so they wait together.
void suite('a deployment', { concurrency: true }, () => {
  test('where nothing stands between, all is well', async () => {
    await using server = await startServer({ limits: LIMITS });
    const found = await look(server.url);
    assert.equal(found.exitCode, 0);
    assert.deepEqual(found.problems, []);
    assert.ok(
      found.rungs.every(({ works, problem }) => works && problem === null),
      JSON.stringify(found.rungs),
    );
    assert.deepEqual(found.seen, {
      forwardedFor: false,
      forwardedProto: false,
      trusted: true,
      host: new URL(server.url).host,
    });
    assert.match(found.report, /Pages use a WebSocket\./);
  });

  test('it writes nothing on the server', async () => {
    await using server = await startServer({ limits: LIMITS });
    await look(server.url);
    const list = await fetch(`${server.url}/sheaf.documents.v1.DocumentService/ListDocuments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.deepEqual(await list.json(), {});
  });

  test('a proxy that answers an upgrade by itself costs the WebSocket', async (t) => {
    const upgrade = (_request: IncomingMessage, socket: Duplex): boolean => {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return true;
    };
    const found = await look(await behind(t, { upgrade, answer: { server: 'nginx/1.22.1' } }));
    assert.equal(found.exitCode, 1);
    assert.equal(found.best, 'sse');
    assert.deepEqual(found.reach.proxies, ['nginx']);
    assert.deepEqual([...found.problems].toSorted(), ['address', 'websocket']);
    assert.match(found.report, /Answered 403/);
    assert.match(found.report, /proxy_set_header Upgrade/);
    assert.doesNotMatch(found.report, /HAProxy/);
  });

  test('a WebSocket that is cut soon after its 101 does not count', async (t) => {
    const upgrade = (_request: IncomingMessage, socket: Duplex): boolean => {
      setTimeout(() => socket.destroy(), 300);
      return false;
    };
    const found = await look(await behind(t, { upgrade }));
    assert.equal(found.best, 'sse');
    assert.equal(rung(found, 'websocket').problem, 'silent');
    assert.match(found.report, /a security device on the way cuts it/);
  });

  test('a proxy that holds an event stream leaves long-poll', async (t) => {
    const request = ({ url = '' }: IncomingMessage, response: ServerResponse): boolean => {
      if (url.includes('/channel/events'))
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return url.includes('/channel/events');
    };
    const upgrade = (_request: IncomingMessage, socket: Duplex): boolean => {
      socket.destroy();
      return true;
    };
    const found = await look(await behind(t, { request, upgrade }));
    assert.equal(found.best, 'poll');
    assert.equal(rung(found, 'sse').problem, 'held');
    assert.deepEqual(found.problems, ['websocket', 'buffering']);
  });

  test('a server that does not know its own address says so, and which setting tells it', async (t) => {
    const found = await look(
      await behind(t, { host: 'inner.localhost:1', headers: { host: 'inner.localhost:1' } }),
    );
    assert.equal(found.exitCode, 2);
    assert.deepEqual(found.problems, ['host']);
    assert.match(found.report, /SHEAF_PUBLIC_URL=http:\/\/127\.0\.0\.1:\d+/);
  });

  test('a forwarded address is believed of a proxy that is known', async (t) => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const [known, unknown] = await Promise.all([
      behind(t, { headers }).then((url) => look(url)),
      behind(t, { headers }, { trustedProxies: [] }).then((url) => look(url)),
    ]);
    assert.deepEqual(known.problems, []);
    assert.deepEqual(unknown.problems, ['address']);
    assert.equal(unknown.exitCode, 0);
    assert.match(unknown.report, /SHEAF_TRUSTED_PROXIES/);
  });

  test('bodies that are refused are measured', async (t) => {
    const request = ({ headers }: IncomingMessage, response: ServerResponse): boolean => {
      const large = Number(headers['content-length'] ?? 0) > 20_000;
      if (large) response.writeHead(413).end();
      return large;
    };
    const found = await look(await behind(t, { request }));
    assert.deepEqual(found.problems, ['body']);
    assert.equal(found.body?.passes, 16 * 1024);
    assert.equal(found.exitCode, 0);
  });

  test('a clock that is off is told', async () => {
    await using server = await startServer({ limits: LIMITS });
    const found = await look(server.url, () => Date.now() - 90_000);
    assert.match(found.report, /Clock +poor +(89|90|91) s ahead of this machine's/);
  });

  test('what answers and is no Sheaf, and what does not answer, is nothing', async (t) => {
    const other = createServer((_request, response) => response.end('<html>Welcome to nginx!</html>'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    t.after(() => other.close());
    const found = await look(url);
    assert.equal(found.exitCode, 2);
    assert.match(found.report, /something that is no Sheaf/);
    other.closeAllConnections();
    other.close();
    await once(other, 'close');
    const gone = await look(url);
    assert.equal(gone.exitCode, 2);
    assert.match(gone.report, /Nobody listens there/);
  });
});

test('proxies are named by what they say of themselves', () => {
  assert.deepEqual(proxiesIn({ server: 'nginx/1.22.1' }), ['nginx']);
  assert.deepEqual(proxiesIn({ via: '1.1 office.example (squid/5.7)' }), ['Squid']);
  assert.deepEqual(proxiesIn({ via: '1.1 varnish (Varnish/7.1), 1.1 Caddy' }), ['Caddy', 'Varnish']);
  assert.deepEqual(proxiesIn({ 'x-varnish': '3', server: 'Apache/2.4' }), ['Apache', 'Varnish']);
  assert.deepEqual(proxiesIn({}), []);
});

test('an example gives the parts that mend a problem, joined by where they belong', () => {
  const text =
    '{\n  # [idle] in "a"\n  one;\n  two;\n\n  # [body idle] in "a"\n  three;\n}\n# [body] in "b"\nfour\n';
  assert.deepEqual(remediesIn(text, ['idle']), [{ where: 'in "a"', lines: ['one;', 'two;', 'three;'] }]);
  assert.deepEqual(remediesIn(text, ['body']), [
    { where: 'in "a"', lines: ['three;'] },
    { where: 'in "b"', lines: ['four'] },
  ]);
  assert.deepEqual(remediesIn(text, ['host']), []);
});

test('every problem has words for every proxy whose lines are known', () => {
  for (const problem of ['websocket', 'buffering', 'idle', 'body', 'address', 'host'] as const) {
    const proxies = remediesFor([], [problem]).map(({ proxy }) => proxy);
    assert.deepEqual(proxies, ['nginx', 'Caddy', 'Traefik', 'Apache', 'HAProxy'], problem);
    assert.deepEqual(
      remediesFor(['nginx', 'Squid'], [problem]).map(({ proxy }) => proxy),
      ['nginx'],
    );
  }
});

test('the command line', async () => {
  const target = (...argv: string[]): string | undefined => parseDoctorOptions(argv)?.route.target.href;
  assert.equal(target('docs.example.org'), 'https://docs.example.org/');
  assert.equal(target('https://docs.example.org/d/plan?x#y'), 'https://docs.example.org/');
  assert.equal(target('wss://docs.example.org/hocuspocus'), 'https://docs.example.org/');
  assert.equal(target('http://docs.example.org:8080/sheaf'), 'http://docs.example.org:8080/sheaf/');
  assert.equal(parseDoctorOptions(['a.example', '--proxy', 'http://p:3128'])?.route.proxy?.host, 'p:3128');
  for (const argv of [[], ['a', 'b'], ['ftp://a'], ['a', '--proxy', 'socks://p'], ['a', '--jsn']]) {
    const said: string[] = [];
    const io = { write: (words: string) => said.push(words) };
    assert.equal(
      await doctorCommand(argv, { stdout: { write: () => assert.fail() }, stderr: io }),
      64,
      argv.join(' '),
    );
    assert.match(said.join(''), /^sheaf doctor: .+\n$/);
  }
  const said: string[] = [];
  const help = await doctorCommand(['-h'], {
    stdout: { write: (words) => said.push(words) },
    stderr: { write: () => 0 },
  });
  assert.deepEqual([help, said.join('')], [0, DOCTOR_HELP]);
});
