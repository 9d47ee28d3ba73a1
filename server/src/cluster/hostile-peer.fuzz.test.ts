import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type Batch, BatchSchema, type LinkMessageSchema } from '@sheaf/proto/replication';
import assert from 'node:assert/strict';
import test from 'node:test';
import { makeRandom } from '../document/random-edits.ts';
import { SheafError } from '../error.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { parseDocumentName } from '../store/document-name.ts';
import { emptyCluster } from './cluster-state.ts';
import { LinkCodec } from './link-codec.ts';
import type { Incarnation, Message, NodeId } from './message.ts';
import { step } from './step.ts';

/** Seeds of `npm test`; SHEAF_TEST_HOSTILE_RUNS asks for more. */
const RUNS = Number(process.env['SHEAF_TEST_HOSTILE_RUNS'] ?? 400);
const BATCHES = 20;
const FEATURES = { replica: true, tellsPersisted: true, asksPersisted: true };
const HOSTILE = { link: 1, node: 'hostile' as NodeId, incarnation: '1' as Incarnation };
const HONEST = { link: 2, node: 'honest' as NodeId, incarnation: '2' as Incarnation };
const HUGE = 2n ** 64n - 1n;

type Kind = NonNullable<MessageInitShape<typeof LinkMessageSchema>['kind']>;

/** Chance decides what is said, and numbers are those that hurt. */
class Liar {
  readonly #random: () => number;
  /** How often a value is one that no honest node sends. */
  readonly #malice: number;
  #handles = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.#malice = 0.1 * random();
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.#below(values.length)] ?? values[0];
  }

  #lies(): boolean {
    return this.#random() < this.#malice;
  }

  #number(): bigint {
    if (!this.#lies()) return BigInt(1 + this.#below(50));
    return this.#pick([0n, 2n ** 53n - 1n, 2n ** 53n, HUGE]);
  }

  #handle(): number {
    return this.#lies() ? this.#pick([0, 2, 2 ** 32 - 1]) : 1;
  }

  #newHandle(): number {
    this.#handles += 1;
    return this.#lies() ? this.#handle() : this.#handles;
  }

  /** Half-open ranges, in order. */
  #ranges(): bigint[] {
    const numbers = this.#some(() => this.#number());
    return this.#lies()
      ? numbers
      : [...new Set([...numbers, ...numbers.map((number) => number + 60n)])].toSorted((a, b) =>
          a < b ? -1 : 1,
        );
  }

  #name(): string {
    if (!this.#lies()) return this.#pick(['a', 'b', '__proto__', 'c']);
    return this.#pick(['', '\u0000', 'x'.repeat(3_000)]);
  }

  #bytes(): Uint8Array {
    return Uint8Array.from({ length: this.#below(20) }, () => this.#below(256));
  }

  #some<T>(make: () => T): T[] {
    return Array.from({ length: this.#below(4) }, make);
  }

  #entry() {
    const state = this.#pick(['', '{}', '{', '"'.repeat(9_000), 'null']);
    return { client: this.#number(), clock: this.#number(), state, author: this.#name(), writable: true };
  }

  /** Null: what protobuf itself refuses, which ends the stream before anybody here sees it. */
  batch(sequence: number): Batch | null {
    try {
      return this.#batch(sequence);
    } catch {
      return null;
    }
  }

  #batch(sequence: number): Batch {
    const messages = this.#some(() => this.#message());
    const wrong = this.#lies() ? this.#number() : BigInt(sequence);
    const bytes = toBinary(BatchSchema, create(BatchSchema, { sequence: wrong, messages }));
    // Now and then a bit has tipped, or the end is missing.
    if (this.#lies() && bytes.length > 0) {
      const at = this.#below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#below(8));
    }
    return fromBinary(BatchSchema, this.#lies() ? bytes.subarray(0, this.#below(bytes.length)) : bytes);
  }

  #message(): { kind: Kind } {
    const update = () => ({ update: this.#bytes(), author: this.#name() });
    const document =
      this.#random() < 0.5
        ? ({ case: 'name', value: this.#name() } as const)
        : ({ case: 'handle', value: this.#handle() } as const);
    const kind = this.#pick<Kind>([
      {
        case: 'updates',
        value: {
          document,
          sequence: this.#number(),
          updates: this.#lies() ? [] : [update(), ...this.#some(update)],
        },
      },
      {
        case: 'subscribe',
        value: { handle: this.#newHandle(), document: this.#name(), digest: this.#bytes() },
      },
      { case: 'unsubscribe', value: { handle: this.#handle() } },
      {
        case: 'presence',
        value: {
          handle: this.#handle(),
          whole: this.#random() < 0.5,
          entries: this.#some(() => this.#entry()),
        },
      },
      {
        case: 'acknowledgement',
        value: {
          received: this.#number(),
          persisted: this.#number(),
          persistedAhead: this.#ranges(),
        },
      },
      {
        case: 'resync',
        value: { sequence: this.#number(), documents: this.#some(() => this.#name()) },
      },
      { case: 'tombstone', value: { document: this.#name(), time: this.#number() } },
      { case: 'heartbeat', value: { sent: this.#number() } },
      { case: 'drain', value: {} },
      { case: undefined },
    ]);
    return { kind };
  }
}

/** What the codec makes of a batch; null: it refuses it. Any other error is a mistake of ours. */
function readAll(codec: LinkCodec, { messages }: Batch): Message[] | null {
  try {
    return messages.map((message) => codec.decode(message)).filter((message) => message !== null);
  } catch (thrown) {
    if (thrown instanceof SheafError) return null;
    throw thrown;
  }
}

test('REPL-17 whatever a peer says, its own link ends at most, and the others go on', (context) => {
  let ended = 0;
  let taken = 0;
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const random = makeRandom(seed);
    const liar = new Liar(random);
    const codec = new LinkCodec();
    const cluster = emptyCluster(DEFAULT_LIMITS, 1);
    const document = parseDocumentName('a');
    let now = 0;
    const say = (event: Parameters<typeof step>[1]): ReturnType<typeof step> =>
      step(cluster, event, (now += 5));
    try {
      say({ kind: 'linked', ...HOSTILE, features: FEATURES });
      say({ kind: 'linked', ...HONEST, features: FEATURES });
      say({ kind: 'followed', document, digest: null });
      codec.encode({ kind: 'subscribe', document, digest: null });
      let open = true;
      for (let at = 1; at <= BATCHES && open; at += 1) {
        const said = liar.batch(at);
        const read = said === null ? null : readAll(codec, said);
        if (said === null || read === null) {
          say({ kind: 'unlinked', link: HOSTILE.link });
          open = false;
          break;
        }
        const batch = Number(said.sequence);
        const effects = say({ kind: 'received', link: HOSTILE.link, batch, messages: read });
        taken += effects.length;
        open = !effects.some((effect) => effect.kind === 'unlink');
        for (const effect of effects) if ('link' in effect) say({ kind: 'written', link: effect.link });
        say({ kind: 'tick' });
      }
      if (!open) ended += 1;
      // The other link is as it was.
      const update = { update: new Uint8Array([0, 0]), author: '' };
      const messages = [{ kind: 'updates', document, sequence: 1, updates: [update] } as const];
      const effects = say({ kind: 'received', link: HONEST.link, batch: 1, messages });
      assert.ok(effects.some(({ kind }) => kind === 'apply'));
      assert.equal(cluster.peers.get(HONEST.node)?.linkage.state, 'linked');
    } catch (thrown) {
      throw new Error(`seed ${seed}`, { cause: thrown });
    }
  }
  context.diagnostic(`${ended} of ${RUNS} links were ended, ${taken} effects`);
  assert.ok(ended > 0 && ended < RUNS && taken > 0);
});
