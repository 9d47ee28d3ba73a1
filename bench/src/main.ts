import { writeFileSync } from 'node:fs';
import { runChannelBench } from './channel/run.ts';
import { runEditorBench } from './editor/run.ts';
import { judgeResults } from './judgement.ts';
import { readOptions, USAGE } from './options.ts';
import { runBench } from './run.ts';
import { formatResults } from './table.ts';

const [command, ...rest] = process.argv.slice(2);
const options = command === 'channel' || command === 'editor' ? null : readOptions(process.argv.slice(2));
if (command === 'channel') {
  await runChannelBench(rest);
} else if (command === 'editor') {
  await runEditorBench(rest);
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
