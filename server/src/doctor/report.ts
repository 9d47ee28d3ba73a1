import type { Findings } from './examine.ts';
import { remediesFor } from './remedies.ts';
import type { Route } from './route.ts';
import type { RungFinding, RungName } from './rung.ts';
import { clockIsOff, type Problem, type Verdict } from './verdict.ts';

const NAMES: Readonly<Record<RungName, string>> = {
  websocket: 'WebSocket',
  sse: 'Event stream and POST',
  poll: 'Long-poll and POST',
};

/** What each problem means, for who runs the server. */
const MEANING: Readonly<Record<Problem, string>> = {
  websocket: 'WebSockets do not pass: pages take a slower way.',
  buffering: 'Something on the way holds answers back: event streams are late or useless.',
  idle: 'Something on the way cuts connections on which nothing is said for a while: pages connect again and again.',
  body: 'Something on the way refuses larger bodies: a large paste is not saved unless WebSockets pass.',
  address: 'The server does not learn whose requests these are: everybody counts as one address.',
  host: 'The server does not know the address that people use, and refuses their pages.',
};

interface Row {
  readonly what: string;
  readonly mark: string;
  readonly words: string;
}

/** The whole report for a person. */
export function describe(route: Route, findings: Findings, verdict: Verdict): string {
  const rows = [reachRow(findings), ...rungRows(findings), ...otherRows(findings)];
  const width = Math.max(...rows.map(({ what }) => what.length));
  const table = rows.map(({ what, mark, words }) =>
    `  ${what.padEnd(width)}  ${mark.padEnd(4)}  ${words}`.trimEnd(),
  );
  const through = route.proxy === null ? '' : `, through the proxy ${route.proxy.origin}`;
  return [
    `Sheaf at ${route.target.href}${through}`,
    '',
    ...table,
    '',
    conclusion(verdict),
    ...advice(route, findings, verdict),
    '',
  ].join('\n');
}

function reachRow({ reach }: Findings): Row {
  const by = reach.proxies.length === 0 ? '' : `, ${reach.proxies.join(' and ')} on the way`;
  const version =
    reach.httpVersion === null ? '' : `HTTP/${reach.httpVersion} after ${reach.firstMs ?? 0} ms${by}`;
  return { what: 'Server', mark: reach.works ? 'ok' : 'no', words: reach.works ? version : reach.words };
}

function rungRows({ rungs }: Findings): Row[] {
  return rungs.map((finding) => ({
    what: NAMES[finding.rung],
    mark: markOf(finding),
    words: wordsOf(finding),
  }));
}

function markOf({ works, problem }: RungFinding): string {
  if (!works) return 'no';
  return problem === null ? 'ok' : 'poor';
}

function wordsOf({ works, firstMs, roundTripMs, silentMs, words }: RungFinding): string {
  if (!works) return words;
  const seconds = Math.floor((silentMs ?? 0) / 1000);
  const measured = `first answer after ${firstMs ?? 0} ms, round trip ${roundTripMs ?? 0} ms`;
  return words === ''
    ? `${measured}, lives through ${seconds} s of silence`
    : `${words} ${capital(measured)}`;
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function otherRows({ reach, tls, body, seen }: Findings): Row[] {
  const rows: Row[] = [];
  if (body !== null) {
    const most = body.passes === null ? 'none passed' : `${Math.floor(body.passes / 1024)} KiB passed`;
    const words = body.works ? most : `${body.words} Of what was tried, ${most}.`;
    rows.push({ what: 'Bodies of requests', mark: body.works ? 'ok' : 'poor', words });
  }
  if (seen !== null) {
    const words = seen.forwardedFor
      ? seen.trusted
        ? 'the server learns who asks'
        : 'forwarded, but by a proxy that is not in SHEAF_TRUSTED_PROXIES'
      : 'no X-Forwarded-For arrives';
    rows.push({ what: 'Who asks', mark: seen.forwardedFor && seen.trusted ? 'ok' : '–', words });
  }
  if (tls !== null) {
    const until = new Date(tls.validUntil).toISOString().slice(0, 10);
    const words = `${tls.version}, ${tls.application ?? 'http/1.1'} for browsers, certificate until ${until}`;
    rows.push({ what: 'TLS', mark: 'ok', words });
  }
  if (reach.clockMs !== null) {
    const off = clockIsOff(reach.clockMs);
    const seconds = Math.abs(reach.clockMs) / 1000;
    const words = off
      ? `${seconds} s ${reach.clockMs > 0 ? 'ahead of' : 'behind'} this machine's: tokens end at the wrong time`
      : 'agrees with this machine’s';
    rows.push({ what: 'Clock', mark: off ? 'poor' : 'ok', words });
  }
  return rows;
}

function conclusion({ best, fine }: Verdict): string {
  if (fine) return 'Pages use a WebSocket.';
  if (best === null) return 'Pages cannot connect.';
  if (best === 'websocket') return 'Pages use a WebSocket, which does not last.';
  return `Pages fall back to: ${NAMES[best]}.`;
}

function advice(route: Route, findings: Findings, { problems }: Verdict): string[] {
  if (problems.length === 0) return [];
  const lines = ['', ...problems.map((problem) => `- ${MEANING[problem]}`)];
  if (route.proxy !== null)
    return [
      ...lines,
      '',
      'The proxy of this network is on the way. Who runs it can let the address through it.',
    ];
  if (problems.includes('host'))
    lines.push('', 'In the settings of Sheaf:', '', `    SHEAF_PUBLIC_URL=${route.target.origin}`);
  if (problems.includes('address') && findings.seen?.forwardedFor === true)
    return [...lines, '', 'In the settings of Sheaf:', '', "    SHEAF_TRUSTED_PROXIES=<the proxy's address>"];
  if (cutEarly(findings))
    lines.push(
      '',
      'If a WebSocket opens and then stays silent, a security device on the way cuts it: no line mends that.',
    );
  for (const { proxy, remedies } of remediesFor(findings.reach.proxies, problems))
    for (const { where, lines: those } of remedies)
      lines.push('', `${proxy}, ${where}:`, '', ...those.map((line) => `    ${line}`));
  return lines;
}

function cutEarly({ rungs }: Findings): boolean {
  return rungs.some(({ rung, problem }) => rung === 'websocket' && problem === 'silent');
}
