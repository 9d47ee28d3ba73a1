import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCounted, type Frame } from '@sheaf/proto/channel/frame';
import { Incoming } from '@sheaf/proto/channel/incoming';
import type { CarrierKind } from './carrier.ts';
import type { ServerChannel } from './channel.ts';
import type { TestHandler } from './test-channel.ts';

/** The client's end of a carrier. */
export interface CarrierClient {
  /** What has come, as it came. */
  readonly frames: readonly Frame[];
  readonly over: boolean;
  /** Reads nothing more, until `read`; a carrier that is asked for frames may leave these out. */
  readonly stall?: () => void;
  readonly read?: () => void;
  /** Goes, as a client does that has lost its network. */
  leave(): void;
}

/** A channel with one way to carry it. */
export interface CarrierWorld extends AsyncDisposable {
  readonly channel: ServerChannel;
  readonly handler: TestHandler;
  /** Opens a carrier that takes the channel; resolves when it has. */
  open(turn: number, received: number): Promise<CarrierClient>;
}

/** What every carrier promises. `begin` makes a channel whose outbound bound is `outboundBytes`. */
export function testCarrier(
  kind: CarrierKind,
  begin: (outboundBytes: number) => Promise<CarrierWorld>,
): void {
  const OUTBOUND_BYTES = 32 * 1024;

  test(`${kind}: messages of every size arrive whole and in order`, async () => {
    await using world = await begin(OUTBOUND_BYTES);
    const client = await world.open(1, 0);
    const sent = [1, 2, 16_383, 16_384, 0, 65_536, 256 * 1024, 256 * 1024 + 1, 700_000].map((length, index) =>
      new Uint8Array(length).fill(index + 1),
    );
    for (const [index, message] of sent.entries()) {
      if (index % 2 === 0) world.handler.socket.send(message);
      else world.handler.socket.sendParts(message.subarray(0, 7), message.subarray(7));
    }
    await until(() => messagesOf(client).length === sent.length, client);
    for (const [index, message] of messagesOf(client).entries())
      assert.equal(Buffer.compare(message, sent[index] ?? new Uint8Array(0)), 0, `message ${index}`);
  });

  test(`${kind}: what was not acknowledged is repeated, once and in order`, async () => {
    await using world = await begin(OUTBOUND_BYTES);
    world.handler.say('a', 'b');
    const first = await world.open(1, 0);
    world.handler.say('c');
    await until(() => textsOf(first).length === 3, first);
    first.leave();
    world.handler.say('d');
    const second = await world.open(2, 1);
    world.handler.say('e');
    await until(() => textsOf(second).length === 4, second);
    assert.deepEqual(textsOf(first), ['a', 'b', 'c']);
    assert.deepEqual(textsOf(second), ['b', 'c', 'd', 'e']);
  });

  test(`${kind}: a later carrier ends it, and the end is nobody's loss`, async () => {
    await using world = await begin(OUTBOUND_BYTES);
    const first = await world.open(1, 0);
    const second = await world.open(2, 0);
    await until(() => first.over, first);
    world.handler.say('a');
    await until(() => textsOf(second).length === 1, second);
    assert.equal(world.channel.carrier?.kind, kind);
  });

  test(`${kind}: frames that are not counted arrive`, async () => {
    await using world = await begin(OUTBOUND_BYTES);
    const client = await world.open(1, 0);
    world.channel.drain(4_000);
    await until(
      () => client.frames.some((frame) => frame.type === 'drain' && frame.afterMs === 4_000),
      client,
    );
  });

  test(`${kind}: CH-11: the end of the channel comes behind what was sent, and ends it`, async () => {
    await using world = await begin(OUTBOUND_BYTES);
    const client = await world.open(1, 0);
    world.handler.say('a');
    world.handler.socket.close(4401, 'no');
    await until(() => textsOf(client).length === 2, client);
    assert.deepEqual(textsOf(client), ['a', 'close 4401']);
    world.channel.acknowledge(2);
    await until(() => client.over, client);
    assert.equal(world.handler.timesClosed, 1);
  });

  test(`${kind}: FAN-3: for who does not read bytes wait, and a drain follows when it does`, async () => {
    await using world = await begin(OUTBOUND_BYTES);
    const client = await world.open(1, 0);
    if (!client.stall || !client.read) {
      // It takes only what it asks for: all that it has not acknowledged waits.
      for (let i = 0; i < 64; i++) world.handler.socket.send(new Uint8Array(1_000));
      assert.ok(world.handler.socket.bufferedBytes > OUTBOUND_BYTES);
      const before = world.handler.timesDrained;
      world.channel.acknowledge(64);
      assert.equal(world.handler.socket.bufferedBytes, 0);
      assert.equal(world.handler.timesDrained, before + 1);
      return;
    }
    client.stall();
    // More than the kernel holds for it.
    let sent = 0;
    while (world.handler.socket.bufferedBytes <= OUTBOUND_BYTES || sent < 32 * 1024 * 1024) {
      world.handler.socket.send(new Uint8Array(64 * 1024));
      sent += 64 * 1024;
      if (sent % (1024 * 1024) === 0) await turn();
      if (world.handler.socket.bufferedBytes > 4 * 1024 * 1024) break;
    }
    assert.ok(world.handler.socket.bufferedBytes > OUTBOUND_BYTES);
    const before = world.handler.timesDrained;
    client.read();
    await until(() => world.handler.timesDrained > before, client);
    assert.ok(world.handler.socket.bufferedBytes <= OUTBOUND_BYTES);
    await until(() => messagesOf(client).length === sent / (64 * 1024), client);
  });
}

/** Resolves when `holds` does, looked at each turn of the event loop. */
async function until(holds: () => boolean, client: CarrierClient): Promise<void> {
  const late = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > late)
      assert.fail(`waited in vain; came: ${client.frames.map(({ type }) => type).join(' ')}`);
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The whole messages that came, counted from where the carrier began. */
function messagesOf(client: CarrierClient): Uint8Array[] {
  const incoming = new Incoming();
  return client.frames.filter(isCounted).flatMap((frame, index) => {
    const arrival = incoming.take(frame, index + 1, Infinity);
    return arrival?.type === 'message' ? [arrival.data] : [];
  });
}

function textsOf(client: CarrierClient): string[] {
  return client.frames
    .filter(isCounted)
    .map((frame) => (frame.type === 'close' ? `close ${frame.code}` : Buffer.from(frame.body).toString()));
}
