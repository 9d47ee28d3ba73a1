import { after } from 'node:test';
import { startPostgres, type TestServer } from './postgres-for-tests.ts';

export { NO_POSTGRES, PASSWORD } from './postgres-for-tests.ts';
export type { TestServer } from './postgres-for-tests.ts';

/** A PostgreSQL for the tests of this process, which ends behind the last one. null where there is none. */
export async function startTestServer(): Promise<TestServer | null> {
  const server = await startPostgres();
  if (server !== null) after(() => server[Symbol.asyncDispose]());
  return server;
}
