import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpoint, parseReplayOptions, serverBase } from './options.ts';

test('a trace alone: an own server, a folder for this run, as fast as it goes', () => {
  assert.deepEqual(parseReplayOptions(['traces/clownschool.json.gz']), {
    trace: 'traces/clownschool.json.gz',
    document: 'clownschool',
    protocol: 'hocuspocus',
    url: null,
    keeping: { kind: 'temporary' },
    perSecond: Infinity,
    clients: null,
    from: 0,
    until: null,
    resume: false,
    json: false,
  });
});

test('speed 1 is a typist: five transactions a second', () => {
  assert.equal(parseReplayOptions(['a.json', '--speed', '2'])?.perSecond, 10);
});

test('--url means an endpoint, or a server and the protocol decides', () => {
  assert.equal(endpoint('ws://h:1/hocuspocus/', 'hocuspocus'), 'ws://h:1/hocuspocus');
  assert.equal(endpoint('ws://h:1', 'hocuspocus'), 'ws://h:1');
  assert.equal(endpoint('http://h:1', 'yjs'), 'ws://h:1/yjs');
  assert.equal(endpoint('https://h/sheaf/', 'hocuspocus'), 'wss://h/sheaf/hocuspocus');
  assert.equal(serverBase('wss://h/sheaf/hocuspocus'), 'https://h/sheaf');
});

test('a wrong option is named', () => {
  const refused = (argv: string[], words: RegExp): void => {
    assert.throws(() => parseReplayOptions(argv), words);
  };
  refused([], /One trace is wanted/);
  refused(['a.json', 'b.json'], /One trace is wanted/);
  refused(['a.json', '--speed', 'fast'], /--speed/);
  refused(['a.json', '--speed', '0'], /--speed/);
  refused(['a.json', '--clients', '0'], /--clients wants a whole number from 1/);
  refused(['a.json', '--protocol', 'smtp'], /--protocol/);
  refused(['a.json', '--url', 'ftp://h'], /--url/);
  refused(['a.json', '--url', 'ws://h', '--memory'], /--data and --memory/);
  refused(['a.json', '--data', 'd', '--memory'], /one of them/);
  refused(['a.json', '--resume'], /--resume wants/);
  refused(['a.json', '--sped', '1'], /--sped/);
});
