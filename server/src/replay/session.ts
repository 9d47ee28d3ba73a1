import * as Y from 'yjs';
import { SheafError } from '../error.ts';
import type { Client, ClientEvents, Connect } from './client.ts';
import { TEXT } from './composition.ts';
import type { Composition } from './composition.ts';
import { emptyWireCount } from './counting-socket.ts';
import type { WireCount } from './counting-socket.ts';
import { REPLAY_LIMITS } from './limits.ts';
import { Player } from './player.ts';
import type { Progress } from './player.ts';

/** A replay as a whole: into which document of which server, from where, how fast. */
export interface SessionOptions {
  readonly connect: Connect;
  /** `ws://HOST:PORT/PATH` of the protocol's endpoint. */
  readonly url: string;
  readonly document: string;
  readonly composition: Composition;
  /** Transactions that are put into the document at once, before anybody types. */
  readonly from: number;
  /** Whether the document may hold part of this session already. */
  readonly resume: boolean;
  /** Clients that only read, beside one for each person. */
  readonly readers: number;
  readonly perSecond: number;
  readonly signal?: AbortSignal | undefined;
  /** How long opening and settling may take, ms; {@link REPLAY_LIMITS} has the defaults. */
  readonly openMs?: number;
  readonly settleMs?: number;
  readonly onAcknowledged?: ((keystrokes: readonly number[]) => void) | undefined;
  readonly onLost?: ((person: number) => void) | undefined;
  /** Called once before the first transaction: `read` tells how far it is. */
  readonly onStart?: ((read: () => Progress) => void) | undefined;
}

/** One replica that ended with another text than the recording. */
export interface Difference {
  /** "person 1", "reader 2", or "a new client". */
  readonly who: string;
  /** UTF-16 units before the first difference. */
  readonly at: number;
  readonly expected: string;
  readonly found: string;
}

/** What a replay came to. */
export interface SessionResult {
  readonly progress: Progress;
  /** From the first transaction to the last acknowledgement, ms. */
  readonly typingMs: number;
  /** From typing to acknowledgement, ms, unsorted. */
  readonly latencies: readonly number[];
  /** Of all clients together, without the ones that looked before and after. */
  readonly wire: WireCount;
  /** The whole document as one Yjs update, as the new client got it, bytes. */
  readonly encodedBytes: number;
  readonly textUnits: number;
  /** Empty when every text is right. */
  readonly differences: readonly Difference[];
}

const CONTEXT_UNITS = 30;

/** The first difference of two texts with some text around it; `null` when they are equal. */
export function difference(who: string, expected: string, found: string): Difference | null {
  if (expected === found) return null;
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at += 1;
  const from = Math.max(0, at - CONTEXT_UNITS);
  const to = at + CONTEXT_UNITS;
  return { who, at, expected: expected.slice(from, to), found: found.slice(from, to) };
}

/** Waits until `done()`, asked after each call of `changed`. Throws after `ms`, saying `what`, or when stopped. */
function condition(
  done: () => boolean,
  signal: AbortSignal | undefined,
): {
  changed: () => void;
  fail: (error: Error) => void;
  within: (ms: number, what: string) => Promise<void>;
} {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Whoever fails it before anybody waits must not count as unhandled.
  promise.catch(() => {});
  const changed = (): void => {
    if (done()) resolve();
  };
  return {
    changed,
    fail: reject,
    within: async (ms, what) => {
      const timer = setTimeout(() => reject(new SheafError('storage-unavailable', what)), ms);
      const stop = (): void => reject(new SheafError('draining', 'The replay was stopped.'));
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted === true) stop();
      changed();
      try {
        await promise;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
      }
    },
  };
}

/** Connects a client, with the given identity, and lets `use` have it once the document is open. */
async function visit<T>(
  options: Pick<SessionOptions, 'connect' | 'url' | 'document' | 'signal' | 'openMs'>,
  doc: Y.Doc,
  use: (
    client: Client,
    until: (done: (client: Client) => boolean, what: string) => Promise<void>,
  ) => Promise<T>,
): Promise<T> {
  const { openMs = REPLAY_LIMITS.openMs } = options;
  let notify = (): void => {};
  let refuse = (_error: Error): void => {};
  let refused: Error | null = null;
  const client = options.connect({
    url: options.url,
    document: options.document,
    doc,
    wire: emptyWireCount(),
    events: {
      changed: () => notify(),
      acknowledged: () => {},
      lost: () => {},
      refused: (error) => {
        refused = error;
        refuse(error);
      },
    },
  });
  const until = async (done: (client: Client) => boolean, what: string): Promise<void> => {
    const awaited = condition(() => done(client), options.signal);
    notify = awaited.changed;
    refuse = awaited.fail;
    if (refused !== null) awaited.fail(refused);
    await awaited.within(openMs, what);
  };
  try {
    await until(({ ready }) => ready, `${options.url} did not open the document in ${openMs} ms.`);
    return await use(client, until);
  } finally {
    client.leave();
  }
}

/** What a new client gets when it opens the document. Errors as in {@link replaySession}. */
export async function openReplica(
  options: Pick<SessionOptions, 'connect' | 'url' | 'document'>,
): Promise<Y.Doc> {
  return visit(options, new Y.Doc(), async ({ doc }) => doc);
}

/** Throws when a document holds what is not of this session. */
function checkIsOurs(doc: Y.Doc, { clients, keystrokes, byPerson }: Composition): void {
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
    const person = clients.indexOf(client);
    const last = keystrokes[byPerson[person]?.at(-1) ?? -1];
    if (last === undefined || clock > last.clock)
      throw new SheafError('stale', 'The document holds more than this session: replay into another one.');
  }
}

/** The first `count` transactions as one update. Merging so many updates without a document takes minutes. */
function beginning({ keystrokes }: Composition, count: number): Uint8Array {
  const doc = new Y.Doc();
  for (const { update } of keystrokes.slice(0, count)) if (update !== null) Y.applyUpdate(doc, update);
  return Y.encodeStateAsUpdate(doc);
}

/** Looks at the document before the session; brings what comes before `from`. Returns its content. */
async function prepare(options: SessionOptions): Promise<Uint8Array> {
  const { composition, from, resume } = options;
  return visit(options, new Y.Doc(), async (client, until) => {
    const { doc } = client;
    checkIsOurs(doc, composition);
    if (doc.store.clients.size > 0 && !resume)
      throw new SheafError(
        'stale',
        'The document is not empty: name another one, or go on in this one with --resume.',
      );
    if (from > 0 && client.type(0, beginning(composition, from)))
      await until(
        ({ unacknowledged }) => unacknowledged === 0,
        'The beginning was not acknowledged in time.',
      );
    return Y.encodeStateAsUpdate(doc);
  });
}

/** A replica with the document's content, whose next change is `client`'s. */
function replica(content: Uint8Array, client: number | undefined): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, content);
  // Only now: Yjs gives a document another id when somebody else's update carries its own.
  if (client !== undefined) doc.clientID = client;
  return doc;
}

/**
 * Replays a session and compares every replica, and that of a new client, with the text it must end with.
 * A wrong text is a result; errors are `stale` (the document holds something else), `unauthorized`, and
 * `storage-unavailable` (no server, or it stopped answering).
 */
export async function replaySession(options: SessionOptions): Promise<SessionResult> {
  const { composition, connect, url, document, signal } = options;
  const content = await prepare(options);
  const wire = emptyWireCount();
  const player = new Player({
    composition,
    perSecond: options.perSecond,
    signal,
    onAcknowledged: options.onAcknowledged,
    onLost: options.onLost,
  });
  const clients: Client[] = [];
  const all = composition.clients.length + options.readers;
  const rightText = ({ doc }: Client): boolean => doc.getText(TEXT).toString() === composition.text;
  let settled = condition(() => false, signal);
  const eventsFor = (person: number): ClientEvents => {
    const events = player.eventsFor(person);
    return {
      ...events,
      changed: () => {
        events.changed();
        settled.changed();
      },
      refused: (error) => {
        events.refused(error);
        settled.fail(error);
      },
    };
  };
  try {
    settled = condition(() => clients.length === all && clients.every(({ ready }) => ready), signal);
    for (let person = 0; person < all; person += 1) {
      const doc = replica(content, composition.clients[person]);
      clients.push(connect({ url, document, doc, wire, events: eventsFor(person) }));
    }
    await settled.within(
      options.openMs ?? REPLAY_LIMITS.openMs,
      `Not all of ${all} clients could open the document.`,
    );
    settled = condition(() => false, signal);
    const started = performance.now();
    options.onStart?.(() => player.progress);
    await player.play(clients);
    const typingMs = performance.now() - started;
    settled = condition(() => clients.every(rightText), signal);
    await settled.within(options.settleMs ?? REPLAY_LIMITS.settleMs, '').catch(() => {
      // Time is up: who still has another text is told below.
    });
    const differences = clients.flatMap(({ doc }, index) => {
      const people = composition.clients.length;
      const who = index < people ? `person ${index + 1}` : `reader ${index - people + 1}`;
      return difference(who, composition.text, doc.getText(TEXT).toString()) ?? [];
    });
    const last = await openReplica(options);
    const text = last.getText(TEXT).toString();
    const newcomer = difference('a new client', composition.text, text);
    return {
      progress: player.progress,
      typingMs,
      latencies: player.latencies,
      wire,
      encodedBytes: Y.encodeStateAsUpdate(last).length,
      textUnits: text.length,
      differences: newcomer === null ? differences : [...differences, newcomer],
    };
  } finally {
    for (const client of clients) client.leave();
  }
}
