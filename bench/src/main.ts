import { writeFileSync } from 'node:fs';
import { runChannelBench } from './channel/run.ts';
import { runClusterBench } from './cluster/run.ts';
import { runEditorBench } from './editor/run.ts';
import { judgeResults } from './judgement.ts';
import { readOptions, USAGE } from './options.ts';
import { runBench } from './run.ts';
import { formatResults } from './table.ts';

/** Benches with options of their own. */
const BENCHES: ReadonlyMap<string, (args: string[]) => Promise<void>> = new Map([
  ['channel', runChannelBench],
  ['cluster', runClusterBench],
  ['editor', runEditorBench],
]);

const [command = '', ...rest] = process.argv.slice(2);
const bench = BENCHES.get(command);
const options = bench === undefined ? readOptions(process.argv.slice(2)) : null;
if (bench !== undefined) {
  await bench(rest);
} else if (options === null) {
  process.stdout.write(USAGE);
} else {
  const results = await runBench(options, (line) => process.stderr.write(`${line}\n`));
  if (options.json !== null)
    writeFileSync(
      options.json,
      `${JSON.stringify({ ...results, judgements: judgeResults(results) }, null, 2)}\n`,
    );
  process.stdout.write(`\n${formatResults(results)}`);
}
