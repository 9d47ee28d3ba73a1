#!/usr/bin/env node
// Firefox as Playwright starts it, of a version that lacks a command which Playwright sends to each new profile: the commands pass through
// here, and where Firefox does not know one of LACKED, it is told as done. Plain JavaScript: it runs on whatever Node is in the path.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

/** Commands of WebDriver BiDi that stories do without: dark pages and paper are looked at in Chromium. */
const LACKED = ['emulation.setMediaFeaturesOverride'];
/** What Playwright waits for in what Firefox says. */
const LISTENING = 'WebDriver BiDi listening on';
/** A screenshot is a message, bytes. */
const MESSAGE_BYTES = 256 * 1024 * 1024;

const firefox = spawn(process.env['SHEAF_TEST_FIREFOX'] ?? 'firefox-esr', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
  process.on(signal, () => firefox.kill(signal));
firefox.once('error', (error) => {
  say(error.message);
  process.exit(1);
});
firefox.once('exit', (code) => process.exit(code ?? 1));
createInterface({ input: firefox.stderr }).on('line', (line) => {
  const [, address] = line.split(`${LISTENING} `);
  if (address === undefined) say(line);
  else listen(address);
});

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {string} address Firefox's own */
function listen(address) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: MESSAGE_BYTES });
  server.on('connection', (near, { url }) => connect(near, `${address}${url ?? ''}`));
  server.once('listening', () => {
    const bound = server.address();
    if (bound !== null && typeof bound === 'object') say(`${LISTENING} ws://127.0.0.1:${String(bound.port)}`);
  });
}

/**
 * @param {WebSocket} near Playwright
 * @param {string} address
 */
function connect(near, address) {
  const far = new WebSocket(address, { maxPayload: MESSAGE_BYTES });
  const opened = new Promise((resolve) => far.once('open', resolve));
  /** Commands that are under way and may be lacked. */
  const asked = new Set();
  near.on('message', async (data) => {
    const text = String(data);
    const { id, method } = JSON.parse(text);
    if (LACKED.includes(method)) asked.add(id);
    await opened;
    far.send(text);
  });
  far.on('message', (data) => {
    const text = String(data);
    near.send(asked.size > 0 ? answered(text) : text);
  });
  near.once('close', () => far.close());
  far.once('close', () => near.close());
  far.once('error', ({ message }) => {
    say(message);
    near.close();
  });

  /** @param {string} text */
  function answered(text) {
    const { id, error } = JSON.parse(text);
    return asked.delete(id) && error === 'unknown command'
      ? JSON.stringify({ type: 'success', id, result: {} })
      : text;
  }
}
