#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { SheafError } from './error.ts';

const HELP = `sheaf: a collaborative document editor that you host yourself

  sheaf serve [--host HOST] [--port PORT] [--data FOLDER | --memory]
  sheaf doctor URL          what the proxies before a server let through, and how to mend it (sheaf doctor --help)
  sheaf cluster COMMAND     ask a node of a cluster, or have it do something (sheaf cluster --help)
  sheaf replay TRACE …      replay a recorded editing session (sheaf replay --help)
  sheaf --version
`;

/** Exit codes: what sysexits.h calls them. */
const EXIT = { failed: 1, usage: 64, config: 78 };

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // Our own package.json: its shape is known.
  return (JSON.parse(text) as { version: string }).version;
}

/** A command is loaded when it is called for: `--version` need not wait for an engine. */
async function main([command, ...rest]: string[]): Promise<void> {
  switch (command) {
    case 'serve': {
      const { serveCommand } = await import('./serve.ts');
      return serveCommand(rest);
    }
    case 'doctor': {
      const { doctorCommand } = await import('./doctor/command.ts');
      process.exitCode = await doctorCommand(rest, process);
      return;
    }
    case 'cluster': {
      const { operatorCommand } = await import('./operator/command.ts');
      const { operatorSettings } = await import('./config.ts');
      process.exitCode = await operatorCommand(rest, operatorSettings(process.env), process);
      return;
    }
    case 'replay': {
      const { replayCommand } = await import('./replay/command.ts');
      process.exitCode = await replayCommand(rest, process);
      return;
    }
    case '--version':
    case '-v':
      process.stdout.write(`${version()}\n`);
      return;
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return;
    default:
      process.stderr.write(command === undefined ? HELP : `sheaf: there is no command ${command}.\n`);
      process.exitCode = EXIT.usage;
  }
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  const error = SheafError.from(thrown);
  process.stderr.write(
    `sheaf: ${error.code === 'internal' ? (error.stack ?? error.message) : error.message}\n`,
  );
  process.exit(error.code === 'bad-setting' ? EXIT.config : EXIT.failed);
}
