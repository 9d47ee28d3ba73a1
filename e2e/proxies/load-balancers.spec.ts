import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { freePort } from '../../server/src/free-port-for-tests.ts';
import { type NodeProcess, startNodeProcesses } from '../../server/src/node-process-for-tests.ts';
import { settingsOf } from '../server.ts';
import { documentPath, editor, expect, saveState, saved, test as stories, title } from '../site.ts';
import { haproxy } from './haproxy.ts';
import { type Configuration, startProxy } from './launch.ts';
import { nginx } from './nginx.ts';
import { findProgram } from './programs.ts';

stories.use({ serviceWorkers: 'allow' });

const NODES = 3;
/** Whoever was on a node that died is back within, ms. */
const BACK_MS = 10_000;

const BALANCERS: readonly { name: string; file: string; start: (whole: string) => Configuration }[] = [
  { name: 'haproxy', file: 'haproxy.cfg', start: (whole) => haproxy({ whole }) },
  { name: 'nginx', file: 'nginx.conf', start: (whole) => nginx({ servers: whole }) },
];

/** How many people a node has. */
async function peopleOn(node: NodeProcess): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`)).text();
  return Number(/^sheaf_connections (\d+)$/m.exec(text)?.[1]);
}

/** The example of deploy/load-balancers, with these nodes in place of its own. */
async function example(file: string, nodes: readonly NodeProcess[]): Promise<string> {
  let text = await readFile(join(import.meta.dirname, '../../deploy/load-balancers', file), 'utf8');
  for (const [at, { url }] of nodes.entries())
    text = text.replace(`10.0.0.${String(at + 1)}:8080`, new URL(url).host);
  expect(text).not.toContain('10.0.0.');
  return text;
}

/** Types words, one after another, until it is told to stop; the words. */
function typing(page: Page, name: string): () => Promise<string[]> {
  const words: string[] = [];
  const ending = new AbortController();
  const run = (async () => {
    while (!ending.signal.aborted) {
      const word = `${name}${String(words.length)} `;
      await page.keyboard.type(word, { delay: 15 });
      words.push(word.trim());
    }
  })();
  return async () => {
    ending.abort();
    await run;
    return words;
  };
}

for (const { name, file, start } of BALANCERS)
  stories(
    `OPER-8 behind ${name}, people whose node dies, and then another drains, go on on a third`,
    async ({ browser, form }, info) => {
      stories.skip(findProgram(name === 'nginx' ? 'nginx' : 'haproxy') === null, `${name} is not installed`);
      const port = await freePort();
      const url = `http://127.0.0.1:${String(port)}`;
      await using started = await startNodeProcesses(NODES, { SHEAF_ORIGINS: url, ...settingsOf(form) });
      const { nodes } = started;
      await using _balancer = await startProxy(start(await example(file, nodes)), { port, upstream: '' });
      const people: Page[] = [];
      for (const agent of ['Ada’s browser', 'Ben’s browser', 'Cleo’s browser']) {
        const context = await browser.newContext({ userAgent: agent });
        const page = await context.newPage();
        await page.goto(url + documentPath('balanced'));
        await saved(page);
        people.push(page);
      }
      const [ada] = people;
      if (!ada) throw new Error('Nobody came.');
      await title(ada).click();
      await ada.keyboard.type('Balanced');
      for (const [at, page] of people.entries()) {
        await title(page).click();
        await page.keyboard.press('Control+End');
        await page.keyboard.press('Enter');
        await page.keyboard.type(`${String.fromCharCode(97 + at)}: `);
        await saved(page);
      }
      const texts: string[] = [];
      const fall = async (words: string, end: (node: NodeProcess) => Promise<void>): Promise<void> => {
        const counts = await Promise.all(
          nodes.map(async (node) => (node.pid === null ? -1 : peopleOn(node))),
        );
        const [victim] = nodes.filter((_, at) => counts[at] === Math.max(...counts));
        if (victim === undefined) throw new Error('Nobody is anywhere.');
        const stops = people.map((page, at) => typing(page, `${words}${String.fromCharCode(97 + at)}`));
        await new Promise((resolve) => setTimeout(resolve, 500));
        const began = Date.now();
        await end(victim);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        for (const stop of stops) texts.push(...(await stop()));
        for (const page of people)
          await expect(saveState(page)).toHaveAttribute('data-state', 'saved', { timeout: BACK_MS });
        const took = Date.now() - began;
        info.annotations.push({
          type: 'measured',
          description: `${words}, all saved after ${String(took)} ms; `,
        });
        expect(took).toBeLessThan(BACK_MS + 2_000);
      };
      await fall('killed', (node) => node.kill());
      await fall('drained', async (node) => {
        node.signal('SIGTERM');
        expect(await node.ended()).toBe(0);
      });
      for (const page of people) for (const word of texts) await expect(editor(page)).toContainText(word);
      for (const page of people) await page.context().close();
    },
  );
