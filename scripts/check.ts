// `npm run check`: every gate, two at a time, one line for each, and what the failed ones say.
// `npm run check -- lint types` runs those alone; `--in FOLDER` checks another tree, as check.test.ts does.
import { spawn } from 'node:child_process';
import { resolve as absolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Gate } from './gates.ts';
import { allGates } from './gates.ts';
import { root } from './pinned-node.js';

const GATES_AT_ONCE = 2;

const { values, positionals } = parseArgs({ options: { in: { type: 'string' } }, allowPositionals: true });
const tree = absolute(values.in ?? root);
const waiting = allGates().filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (waiting.length === 0) throw new Error(`There is no gate ${positionals.join(', ')}.`);
await Promise.all(Array.from({ length: GATES_AT_ONCE }, work));

async function work(): Promise<void> {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
    const started = performance.now();
    const { output, passed } = await run(gate);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${gate.name} (${seconds} s)`);
    if (passed) continue;
    process.exitCode = 1;
    console.log(output);
  }
}

function run({ args, folder }: Gate): Promise<{ output: string; passed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: join(tree, folder),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ output: Buffer.concat(chunks).toString().trimEnd(), passed: code === 0 });
    });
  });
}
