/*
 * A program for tests: watches whether nodes hold the same. Arguments: the addresses of their clusters (host:port), "--", names
 * of documents. A line for each look: "equal" or "different", since when it is that, and when the look began (ms since 1970).
 */
import { openRemote } from './cluster/remote.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const EVERY_MS = 25;
const limits = { ...DEFAULT_LIMITS, peerAnswerMs: 1_000 };

const args = process.argv.slice(2);
const addresses = args.slice(0, args.indexOf('--'));
const documents = args.slice(args.indexOf('--') + 1);
const calling = { tls: null, limits };
let remotes = addresses.map((address) => open(address));
let before = '';
let since = 0;

function open(address: string): ReturnType<typeof openRemote> {
  const [host = '', port = ''] = address.split(':');
  return openRemote({ host, port: Number(port) }, calling);
}

async function held(at: number): Promise<string> {
  const { client } = remotes[at] ?? open('');
  const parts = await Promise.all(
    documents.map(async (document) => {
      const found = await client.locateDocument({ document }, { timeoutMs: limits.peerAnswerMs });
      return Buffer.from(found.held?.digest ?? []).toString('hex');
    }),
  );
  return parts.join();
}

process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
for (;;) {
  const began = Date.now();
  let now = 'different';
  try {
    const all = await Promise.all(addresses.map((_, at) => held(at)));
    if (new Set(all).size === 1 && !(all[0] ?? '').split(',').includes('')) now = 'equal';
  } catch {
    // One of them is out of reach: they are not known to be equal. Its session is done for.
    for (const remote of remotes) remote.close();
    remotes = addresses.map((address) => open(address));
  }
  if (now !== before) since = Date.now();
  before = now;
  process.stdout.write(`${now} ${String(since)} ${String(began)}\n`);
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}
