import { CHANNEL_VERSION } from '@sheaf/proto/channel/frame';
import assert from 'node:assert/strict';
import { testCarrier } from './carrier-contract.ts';
import { MemoryCarrier } from './memory-carrier.ts';
import { TestChannels } from './test-channel.ts';

testCarrier('memory', async (outboundBytes) => {
  const server = new TestChannels({ outboundBytes });
  const bytes = new Uint8Array(16);
  const meeting = server.channels.meet(
    { type: 'hello', version: CHANNEL_VERSION, id: bytes, key: bytes, turn: 0, received: 0, from: 0 },
    { endpoint: server.endpoint(), peer: { address: '127.0.0.1', token: '', origin: null } },
  );
  const handler = server.handlers[0];
  assert.ok(meeting.type === 'met' && handler);
  const { channel } = meeting;
  return {
    channel,
    handler,
    open: async (turn, received) => {
      let stalled = false;
      const carrier = new MemoryCarrier(
        (drained) => channel.drained(drained),
        () => stalled,
      );
      assert.equal(channel.take(carrier, turn, received), 'taken');
      return {
        get frames() {
          return carrier.frames;
        },
        get over() {
          return carrier.over;
        },
        stall: () => void (stalled = true),
        read: () => {
          stalled = false;
          carrier.drain();
        },
        leave: () => channel.lost(carrier),
      };
    },
    [Symbol.asyncDispose]: async () => channel.terminate(),
  };
});
