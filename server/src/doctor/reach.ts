import { connect } from 'node:tls';
import { proxiesIn } from './headers.ts';
import { DOCTOR_LIMITS } from './limits.ts';
import { ask, readBody, type Route } from './route.ts';

/** What a first look at a deployment shows. */
export interface ReachFinding {
  /** Whether a server of ours answers there. */
  readonly works: boolean;
  /** For a person. */
  readonly words: string;
  /** Proxies that name themselves. */
  readonly proxies: readonly string[];
  /** Of the answer, like `1.1`; null without one. */
  readonly httpVersion: string | null;
  readonly firstMs: number | null;
  /** How far the server's clock is ahead of this one, ms, to a second; null if it does not tell. */
  readonly clockMs: number | null;
}

/** Asks whether the server lives. `clock`: the wall clock, ms. Never rejects. */
export async function examineReach(
  route: Route,
  { now, clock, signal }: { now: () => number; clock: () => number; signal: AbortSignal },
): Promise<ReachFinding> {
  const nothing = { proxies: [], httpVersion: null, firstMs: null, clockMs: null };
  const late = AbortSignal.timeout(DOCTOR_LIMITS.answerMs);
  const begun = now();
  try {
    const answer = await ask(route, {
      method: 'GET',
      path: 'livez',
      signal: AbortSignal.any([signal, late]),
    });
    const firstMs = Math.round(now() - begun);
    const body = (await readBody(answer.body)).toString();
    const date = Date.parse(answer.headers.date ?? '');
    const found = {
      proxies: proxiesIn(answer.headers),
      httpVersion: answer.httpVersion,
      firstMs,
      // The header has no milliseconds: half a second is what it means on average.
      clockMs: Number.isNaN(date) ? null : Math.round((date + 500 - clock()) / 1000) * 1000,
    };
    if (answer.status === 200 && body.trim() === 'ok') return { ...found, works: true, words: '' };
    const words = body.includes('SHEAF_')
      ? `Answered ${answer.status}. ${body.trim()}`
      : `Answered ${answer.status} by something that is no Sheaf: is the address right, and does the server run?`;
    return { ...found, works: false, words };
  } catch (thrown) {
    return { ...nothing, works: false, words: late.aborted ? 'Nothing answers.' : wordsOf(thrown) };
  }
}

/** What the network's error codes mean. */
function wordsOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The name is not known to DNS here.';
    case 'ECONNREFUSED':
      return 'Nobody listens there: the connection was refused.';
    case 'ECONNRESET':
      return 'The connection was cut before an answer came.';
    case 'CERT_HAS_EXPIRED':
      return 'The certificate has expired.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'The certificate is for another name.';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'The certificate is signed by nobody that is known here (NODE_EXTRA_CA_CERTS can name a file).';
    default:
      return message || code;
  }
}

/** How a browser would talk to an https address. */
export interface TlsFinding {
  /** Like `TLSv1.3`. */
  readonly version: string;
  /** What was agreed on, `h2` or `http/1.1`; null without agreement. */
  readonly application: string | null;
  /** When the certificate ends, ms since 1970. */
  readonly validUntil: number;
}

/** Shakes hands over TLS. Null for http, through a proxy, and where there is none. */
export async function examineTls({ target, proxy }: Route, signal: AbortSignal): Promise<TlsFinding | null> {
  if (target.protocol !== 'https:' || proxy !== null) return null;
  const { promise, resolve } = Promise.withResolvers<TlsFinding | null>();
  const socket = connect({
    host: target.hostname,
    port: Number(target.port || '443'),
    servername: target.hostname,
    ALPNProtocols: ['h2', 'http/1.1'],
    timeout: DOCTOR_LIMITS.answerMs,
  });
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  socket.once('secureConnect', () =>
    resolve({
      version: socket.getProtocol() ?? '',
      application: socket.alpnProtocol || null,
      validUntil: Date.parse(socket.getPeerCertificate().valid_to),
    }),
  );
  // Whatever is wrong here was said by the first look.
  socket.once('error', () => resolve(null));
  socket.once('timeout', () => resolve(null));
  socket.once('close', () => resolve(null));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}
