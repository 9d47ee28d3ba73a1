#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Access } from './access/access.ts';
import { JwtAccess, remoteKeys } from './access/jwt.ts';
import { OpenAccess } from './access/open.ts';
import { readConfig, type AccessConfig } from './config.ts';
import { SheafError } from './error.ts';
import { startServer, type Server } from './main.ts';
import { replayCommand } from './replay/command.ts';

const HELP = `sheaf: a collaborative document editor that you host yourself

  sheaf serve [--host HOST] [--port PORT] [--data FOLDER | --memory]
  sheaf replay TRACE …      replay a recorded editing session (sheaf replay --help)
  sheaf --version
`;

const SERVE_HELP = `sheaf serve: starts the server

  --host HOST     where to listen (SHEAF_HOST, 127.0.0.1)
  --port PORT     0 picks a free one (SHEAF_PORT, 8080)
  --data FOLDER   what keeps everything (SHEAF_DATA, ./data)
  --memory        keep nothing: for tests and demonstrations

Settings in the environment: SHEAF_HOST, SHEAF_PORT, SHEAF_DATA, SHEAF_PUBLIC_URL, SHEAF_TRUSTED_PROXIES,
SHEAF_ACCESS (open or jwt), SHEAF_JWT_SECRET, SHEAF_JWKS_URL, SHEAF_ORIGINS, SHEAF_FSYNC (full or normal),
and SHEAF_LIMIT_… for each limit.
`;

/** Exit codes: what sysexits.h calls them. */
const EXIT = { failed: 1, usage: 64, config: 78 };

/** Lets the server run until a signal ends it. */
async function serve(argv: readonly string[]): Promise<void> {
  const config = readConfig(process.env, argv);
  const server = await startServer({
    ...config,
    access: accessOf(config.access),
    logger: { level: 'info', stream: process.stderr },
  });
  process.on('uncaughtException', (error) => fail(server, error));
  process.on('unhandledRejection', (reason) => fail(server, reason));
  endOnSignal(server, config.limits.drainMs);
  process.stdout.write(`listening on ${server.url}\n`);
}

/** Keys that are fetched are fetched by whoever asks first, not here: a server starts without its issuer. */
function accessOf(config: AccessConfig): Access {
  if (config.kind === 'open') return new OpenAccess();
  return new JwtAccess({ secret: config.secret, keys: config.keys ? remoteKeys(config.keys) : null });
}

/** What nobody caught leaves the process in a state that nobody knows. What was acknowledged is on disk. */
function fail(server: Server, thrown: unknown): void {
  server.log.error({ err: thrown }, 'The server ends by an error of its own');
  process.exit(EXIT.failed);
}

/** What a signal does: the first drains, the second ends at once. */
function endOnSignal(server: Server, drainMs: number): void {
  let ending = false;
  const end = async (signal: string): Promise<void> => {
    if (ending) process.exit(EXIT.failed);
    ending = true;
    server.log.info({ signal }, 'Draining');
    setTimeout(() => {
      server.log.error({ drainMs }, 'The drain took too long');
      process.exit(EXIT.failed);
    }, drainMs).unref();
    try {
      await server.stop();
    } catch (thrown) {
      fail(server, thrown);
    }
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void end(signal));
  process.on('SIGINT', (signal) => void end(signal));
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // Our own package.json: its shape is known.
  return (JSON.parse(text) as { version: string }).version;
}

async function main([command, ...rest]: string[]): Promise<void> {
  switch (command) {
    case 'serve':
      if (rest.includes('--help') || rest.includes('-h')) process.stdout.write(SERVE_HELP);
      else await serve(rest);
      return;
    case 'replay':
      process.exitCode = await replayCommand(rest, process);
      return;
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
