import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../server/src/cli.ts');

/** What `sheaf doctor --json` prints, as far as tests look at it. */
export interface Diagnosis {
  readonly best: string | null;
  readonly fine: boolean;
  readonly problems: readonly string[];
  readonly remedies: readonly {
    readonly proxy: string;
    readonly remedies: readonly { readonly where: string; readonly lines: readonly string[] }[];
  }[];
  readonly rungs: readonly { readonly rung: string; readonly works: boolean; readonly words: string }[];
  readonly reach: { readonly proxies: readonly string[] };
}

/** Runs `sheaf doctor` as a person does. */
export async function doctor(...args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [CLI, 'doctor', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // Without a signal an exit has a code.
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

/** Runs it for a program, and reads what it says. */
export async function diagnose(...args: readonly string[]): Promise<Diagnosis & { code: number }> {
  const { code, said } = await doctor(...args, '--json');
  // Its own output, whose shape it promises.
  return { ...(JSON.parse(said) as Diagnosis), code };
}
