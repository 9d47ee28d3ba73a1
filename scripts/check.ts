// `npm run check`: every gate, two at a time, one line for each, and what the failed ones say.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Gate } from './gates.ts';
import { allGates } from './gates.ts';
import { root } from './pinned-node.js';

const GATES_AT_ONCE = 2;

const waiting = [...allGates()];
let failed = 0;
await Promise.all(Array.from({ length: GATES_AT_ONCE }, work));
if (failed > 0) process.exitCode = 1;

async function work(): Promise<void> {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
    const started = performance.now();
    const { output, passed } = await pass(gate);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${gate.name} (${seconds} s)`);
    if (passed) continue;
    failed += 1;
    console.log(output);
  }
}

function pass({ args, folder }: Gate): Promise<{ output: string; passed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: join(root, folder),
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
