import type { Access } from './access/access.ts';
import { JwtAccess, remoteKeys } from './access/jwt.ts';
import { OpenAccess } from './access/open.ts';
import { readConfig, type AccessConfig, type Config } from './config.ts';
import { SheafError } from './error.ts';
import { holdBackHelpers } from './background-thread.ts';
import { startServer, type Server } from './main.ts';

const HELP = `sheaf serve: starts the server

  --host HOST     where to listen (SHEAF_HOST, 127.0.0.1)
  --port PORT     0 picks a free one (SHEAF_PORT, 8080)
  --data FOLDER   what keeps everything (SHEAF_DATA, ./data)
  --memory        keep nothing: for tests and demonstrations

Settings in the environment: SHEAF_HOST, SHEAF_PORT, SHEAF_DATA, SHEAF_DATABASE_URL,
SHEAF_PUBLIC_URL, SHEAF_TRUSTED_PROXIES, SHEAF_ACCESS (open or jwt), SHEAF_JWT_SECRET, SHEAF_JWKS_URL, SHEAF_TOKEN_URL, SHEAF_ORIGINS, SHEAF_FSYNC (full or normal), SHEAF_ACK (local or replicas:N),
SHEAF_ADMIN_TOKEN, SHEAF_NODE, SHEAF_CLUSTER_LISTEN, SHEAF_CLUSTER_ADDRESS, SHEAF_CLUSTER_PEERS, SHEAF_CLUSTER_CERT, _KEY, _CA,
SHEAF_CLUSTER_INSECURE, and SHEAF_LIMIT_… for each limit.
`;

/** The exit code of a server that did not end in order. */
const FAILED = 1;

/**
 * `sheaf serve …`: starts a server that runs until a signal ends it. Throws `bad-setting` and what
 * {@link startServer} throws.
 */
export async function serveCommand(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const config = readConfig(process.env, argv);
  holdBackHelpers();
  const server = await start(config);
  process.on('uncaughtException', (error) => fail(server, error));
  process.on('unhandledRejection', (reason) => fail(server, reason));
  endOnSignal(server, config.limits.drainMs);
  process.stdout.write(`listening on ${server.url}\n`);
}

async function start(config: Config): Promise<Server> {
  try {
    return await startServer({
      ...config,
      access: accessOf(config.access),
      // As from outside: the same way to the end, with the same bound.
      onDrain: () => process.kill(process.pid, 'SIGTERM'),
      logger: { level: 'info', stream: process.stderr },
    });
  } catch (thrown) {
    const { code, message } = SheafError.from(thrown);
    // The store knows its place, not which setting named it.
    const setting = config.database === null ? 'SHEAF_DATA' : 'SHEAF_DATABASE_URL';
    if (code === 'storage-unavailable')
      throw new SheafError(code, `${setting}: ${message}`, { cause: thrown });
    throw thrown;
  }
}

/** Keys that are fetched are fetched by whoever asks first, not here: a server starts without its issuer. */
function accessOf(config: AccessConfig): Access {
  if (config.kind === 'open') return new OpenAccess();
  return new JwtAccess({ secret: config.secret, keys: config.keys ? remoteKeys(config.keys) : null });
}

/** What nobody caught leaves the process in a state that nobody knows. What was acknowledged is on disk. */
function fail(server: Server, thrown: unknown): void {
  server.log.error({ err: thrown }, 'The server ends by an error of its own');
  process.exit(FAILED);
}

/** What a signal does: the first drains, the second ends at once. */
function endOnSignal(server: Server, drainMs: number): void {
  let ending = false;
  const end = async (signal: string): Promise<void> => {
    if (ending) process.exit(FAILED);
    ending = true;
    server.log.info({ signal }, 'Draining');
    setTimeout(() => {
      server.log.error({ drainMs }, 'The drain took too long');
      process.exit(FAILED);
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
