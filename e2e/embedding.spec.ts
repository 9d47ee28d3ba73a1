import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JwtAccess } from '@sheaf/server';
import { freePort } from '../server/src/free-port-for-tests.ts';
import { startSite } from './server.ts';
import { documentPath, expect, saved, test, title } from './site.ts';

const SECRET = 'another secret of at least thirty-two bytes';
const README = new URL('../README.md', import.meta.url);

/** README's program that signs people in. */
async function readmeProgram(): Promise<string> {
  const readme = await readFile(README, 'utf8');
  const code = /### Sign people in[^]*?```js\n([^]*?)```/.exec(readme)?.[1];
  if (code === undefined) throw new Error('README has no such program.');
  return code;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('connect', () => socket.destroy());
    // Nobody listens there yet.
    socket.once('error', () => resolve(false));
  });
}

test('ACCESS-5: the program that README shows signs people in', async ({ browser, form }) => {
  await using cleanUp = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-readme-'));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const access = new JwtAccess({ secret: new TextEncoder().encode(SECRET), keys: null });
  const site = await startSite({ access, tokenUrl: `http://127.0.0.1:${port}/token` }, form);
  cleanUp.use(site);
  const file = join(folder, 'token.mjs');
  await writeFile(file, await readmeProgram());
  const env = { SHEAF_JWT_SECRET: SECRET, SHEAF_PUBLIC_URL: site.url, PORT: String(port) };
  const program = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  cleanUp.defer(async () => {
    program.kill();
    await once(program, 'exit');
  });
  await expect.poll(() => answers(port)).toBe(true);

  const context = await browser.newContext();
  cleanUp.defer(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url + documentPath('embedded'));
  await expect(page.getByTestId('sign-in')).toHaveAttribute('href', `http://127.0.0.1:${port}/login`);
  await context.addCookies([{ name: 'session', value: 'ada', url: site.url }]);
  await page.reload();
  await title(page).click();
  await page.keyboard.type('Signed in');
  await saved(page);
});
