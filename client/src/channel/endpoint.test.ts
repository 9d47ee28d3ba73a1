import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, readEndpoint } from './endpoint.ts';

test('a document may be called hocuspocus', () => {
  const protocol = (path: string): string => readEndpoint(`wss://host${path}`, undefined).protocol;
  assert.equal(protocol('/hocuspocus'), 'hocuspocus');
  assert.equal(protocol('/below/hocuspocus/'), 'hocuspocus');
  assert.equal(protocol('/yjs/hocuspocus'), 'yjs');
  assert.equal(protocol('/below/yjs/team/hocuspocus'), 'yjs');
  assert.equal(protocol('/yjs/notes'), 'yjs');
});

test('addresses below an endpoint keep its parameters, and not its token', () => {
  const endpoint = readEndpoint('wss://host:8443/yjs/a%2Fb/?room=x%26y&token=secret#part', undefined);
  assert.equal(addressOf(endpoint, '/channel/open'), 'https://host:8443/yjs/a%2Fb/channel/open?room=x%26y');
  assert.equal(
    addressOf(endpoint, '/channel/poll', { turn: 3, hold: 0 }),
    'https://host:8443/yjs/a%2Fb/channel/poll?room=x%26y&turn=3&hold=0',
  );
  const bare = readEndpoint('ws://host/hocuspocus', undefined);
  assert.equal(addressOf(bare, '/channel/open'), 'http://host/hocuspocus/channel/open');
  assert.equal(
    addressOf(bare, '/channel/messages', { from: 7 }),
    'http://host/hocuspocus/channel/messages?from=7',
  );
});
