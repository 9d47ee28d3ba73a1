import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { DEFAULT_LIMITS } from '../limits.ts';
import { DocumentState } from './document-state.ts';
import { FanOut } from './fan-out.ts';
import { judge } from './judge.ts';
import { readPresence } from './presence.ts';
import { makeRandom } from './random-edits.ts';
import { SendTurns } from './send-turns.ts';
import { Session, type SessionHost } from './session.ts';
import type { Subscriber } from './subscriber.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a follower costs, ms of the clock: a turn serves about twenty. */
const COST_MS = 0.1;

/** What stands before presence, and before no update. */
const PRESENCE = Buffer.from('presence');

/** A follower that keeps what it is sent. */
class Follower {
  readonly updates: Uint8Array[] = [];
  /** The client ids whose presence it was told, as often as it was. */
  readonly told: number[] = [];
  /** What it has written itself. */
  readonly own: Uint8Array[] = [];
  readonly session: Session;
  buffered = 0;

  constructor(host: SessionHost, sent: () => void) {
    const buffered = (): number => this.buffered;
    const send = (update: Uint8Array): void => {
      sent();
      this.updates.push(update);
    };
    const subscriber: Subscriber = {
      author: '',
      writable: true,
      frameKey: '',
      frameUpdate: (update) => update,
      framePresence: (entries) => Buffer.concat([PRESENCE, entries]),
      send: (message) => {
        const isPresence = Buffer.compare(PRESENCE, message.subarray(0, PRESENCE.length)) === 0;
        if (!isPresence) return send(message);
        sent();
        const entries = readPresence(message.subarray(PRESENCE.length), DEFAULT_LIMITS);
        this.told.push(...entries.map(({ client }) => client));
      },
      get bufferedBytes() {
        return buffered();
      },
      sendStepOne: () => {},
      sendSnapshot: send,
      sendStepTwo: send,
      acknowledge: () => {},
      refuse: () => {},
      close: () => {},
    };
    this.session = new Session(host, subscriber, 1024);
  }

  /** The text that it sees; fails if it was sent a struct twice, or missed one. */
  read(): string {
    const doc = new Y.Doc();
    for (const update of this.updates) {
      for (const { id } of Y.decodeUpdate(update).structs)
        assert.ok(id.clock >= Y.getState(doc.store, id.client), 'sent twice');
      Y.applyUpdate(doc, update);
      assert.equal(doc.store.pendingStructs, null, 'missed something');
    }
    return doc.getText('text').toString();
  }
}

/** A document with a fan-out, and somebody who writes letters into it. */
class Room {
  readonly state = new DocumentState(null);
  readonly followers: Follower[] = [];
  readonly counters = { flushes: 0, deliveries: 0 };
  readonly #fanOut: FanOut;
  readonly #host: SessionHost;
  readonly #doc = new Y.Doc();
  #clock = 0;

  constructor() {
    const now = (): number => this.#clock;
    const { state, counters } = this;
    const turns = new SendTurns(DEFAULT_LIMITS.turnMs, now);
    this.#fanOut = new FanOut({ state, limits: DEFAULT_LIMITS, now, load: () => 0, turns, counters });
    this.#host = {
      open: () => {},
      receive: () => {},
      receivePresence: () => {},
      sendPresence: () => {},
      catchUp: (session) => this.#fanOut.catchUp(session),
      left: (session) => this.#fanOut.leave(session),
      away: () => {},
      heard: () => {},
    };
  }

  get text(): string {
    return this.#doc.getText('text').toString();
  }

  join(): Follower {
    const follower = new Follower(this.#host, () => (this.#clock += COST_MS));
    if (this.state.received > 0) follower.updates.push(...this.state.updates());
    this.#fanOut.join(follower.session);
    this.followers.push(follower);
    return follower;
  }

  /** A letter that `from` has typed, or the server. */
  type(from: Follower | null, letter = 'x'): void {
    const before = Y.encodeStateVector(this.#doc);
    this.#doc.getText('text').insert(0, letter);
    const update = Y.encodeStateAsUpdate(this.#doc, before);
    const verdict = judge(this.state.knowledge, update, DEFAULT_LIMITS);
    assert.ok(verdict.kind === 'new');
    this.state.admit(verdict.piece);
    from?.own.push(update);
    this.#fanOut.updated(from?.session ?? null);
  }

  /** Somebody says who they are. */
  announce(from: Follower, client: number): void {
    const encoder = encoding.createEncoder();
    for (const number of [1, client, 1]) encoding.writeVarUint(encoder, number);
    encoding.writeVarString(encoder, '{}');
    this.#fanOut.presence.receive(from.session, encoding.toUint8Array(encoder));
    this.#fanOut.presenceChanged();
  }

  /** Until everything has been sent. */
  async settle(): Promise<void> {
    for (let quiet = 0, before = -1; quiet < 20; quiet += 1) {
      await turn();
      // Windows are waited for on a clock that stands still between turns.
      this.#clock += 20;
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (this.counters.deliveries !== before) quiet = 0;
      before = this.counters.deliveries;
    }
  }
}

test('FAN-6: thousands are served in many turns, and each gets everything once', async () => {
  const room = new Room();
  for (let i = 0; i < 2_000; i += 1) room.join();
  room.type(null, 'a');
  await turn();
  const first = room.counters.deliveries;
  assert.ok(first > 0 && first < 100, `${first} in the first turn`);
  // Who is served after this gets both as one; who was served before, the second in the next round.
  room.type(null, 'b');
  await turn();
  const late = room.join();
  assert.equal(late.updates.length, 1);
  await room.settle();
  assert.deepEqual(new Set(room.followers.map(({ updates }) => updates.length)), new Set([1, 2]));
  assert.equal(late.updates.length, 1, 'a newcomer is not sent what it has');
  for (const follower of room.followers) assert.equal(follower.read(), 'ba');
  assert.ok(room.counters.flushes <= 4, 'made once for all who lack the same');
});

test('FAN-6: a newcomer in mid-round is not sent what it opened with', async () => {
  const room = new Room();
  for (let i = 0; i < 100; i += 1) room.join();
  room.type(null, 'a');
  await turn();
  // Nobody has been sent this yet, but the newcomer has it.
  room.type(null, 'b');
  const late = room.join();
  await room.settle();
  assert.equal(late.updates.length, 1);
  room.type(null, 'c');
  await room.settle();
  assert.equal(late.updates.length, 2);
  for (const follower of room.followers) assert.equal(follower.read(), 'cba');
});

test('FAN-4: in each window what its author alone has written is left out, and what others wrote is not', async () => {
  const room = new Room();
  const [author, other] = [room.join(), room.join()];
  room.type(author);
  room.type(author);
  await room.settle();
  assert.deepEqual([author.updates.length, other.updates.length], [0, 1]);
  room.type(other);
  room.type(author);
  await room.settle();
  assert.deepEqual([author.updates.length, other.updates.length], [1, 2], 'both wrote: both get it');
  room.type(author);
  await room.settle();
  assert.deepEqual([author.updates.length, other.updates.length], [1, 3]);
});

test('FAN-6, PRES-5: presence of a round reaches everybody once, also what changed while it was under way', async () => {
  const room = new Room();
  for (let i = 0; i < 100; i += 1) room.join();
  const [first, second] = room.followers;
  assert.ok(first && second);
  room.announce(first, 1);
  await turn();
  assert.ok(
    room.followers.some(({ told }) => told.length === 0),
    'a round takes several turns',
  );
  room.announce(second, 2);
  // Presence has a pace: the next round of it may be a timer away.
  const waits = (): boolean => room.followers.some(({ told }, i) => i !== 1 && !told.includes(2));
  for (let i = 0; i < 50 && waits(); i += 1) await room.settle();
  for (const [i, { told }] of room.followers.entries())
    assert.deepEqual(told, i === 0 ? [2] : i === 1 ? [1] : [1, 2], `follower ${i}`);
});

test('FAN-6: who leaves in mid-round is sent nothing more, and nobody else is left out', async () => {
  const room = new Room();
  for (let i = 0; i < 100; i += 1) room.join();
  const [first] = room.followers;
  const last = room.followers[99];
  assert.ok(first && last);
  room.announce(last, 7);
  room.type(null, 'a');
  await turn();
  const next = room.followers.findIndex(({ updates }) => updates.length === 0);
  const gone = room.followers[next];
  assert.ok(next > 0 && gone, 'a round takes several turns');
  first.session.leave();
  gone.session.leave();
  await room.settle();
  assert.equal(gone.updates.length, 0);
  for (const [i, { updates, told }] of room.followers.entries()) {
    if (i === next) continue;
    assert.equal(updates.length, 1, `follower ${i}`);
    assert.deepEqual(told, i === 99 ? [] : [7], `follower ${i}`);
  }
});

test('FAN-4: what one session alone has written since its last turn is not sent to it', async () => {
  const room = new Room();
  const [author, reader] = [room.join(), room.join()];
  for (const letter of 'abc') room.type(author, letter);
  await turn();
  assert.equal(author.updates.length, 0);
  assert.equal(reader.updates.length, 1);
  await room.settle();
  room.type(author);
  room.type(reader);
  await turn();
  assert.deepEqual([author.updates.length, reader.updates.length], [1, 2]);
});

test('FAN-3: who reads too slowly gets all that it missed in one message when it has drained', async () => {
  const room = new Room();
  const [slow, other] = [room.join(), room.join()];
  slow.buffered = 2_000;
  for (const letter of 'abc') {
    room.type(null, letter);
    await room.settle();
  }
  assert.equal(slow.updates.length, 0);
  assert.equal(other.updates.length, 3);
  slow.buffered = 0;
  slow.session.drained();
  assert.equal(slow.updates.length, 1);
  assert.equal(slow.read(), room.text);
});

test('FAN-6: with people who come, go, write and stall while others are served, nobody misses anything', async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const random = makeRandom(seed);
    const room = new Room();
    for (let i = 0; i < 100; i += 1) room.join();
    const whoever = (): Follower | undefined => room.followers[Math.floor(random() * room.followers.length)];
    for (let step = 0; step < 300; step += 1) {
      const what = random();
      const follower = whoever();
      if (what < 0.3) room.type(random() < 0.1 ? null : (follower ?? null));
      else if (what < 0.4) room.join();
      else if (what < 0.45) {
        follower?.session.leave();
        if (follower) room.followers.splice(room.followers.indexOf(follower), 1);
      } else if (what < 0.5 && follower) follower.buffered = 5_000;
      else if (what < 0.55 && follower) {
        follower.buffered = 0;
        follower.session.drained();
      } else await turn();
    }
    for (const follower of room.followers) {
      follower.buffered = 0;
      follower.session.drained();
    }
    await room.settle();
    for (const [i, { updates, own, session }] of room.followers.entries()) {
      const doc = new Y.Doc();
      for (const update of [...updates, ...own]) Y.applyUpdate(doc, update);
      assert.equal(doc.getText('text').toString(), room.text, `seed ${seed}, follower ${i}`);
      assert.equal(session.sent, room.state.received);
    }
  }
});
