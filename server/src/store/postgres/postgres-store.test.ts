import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { storeContract } from '../contract.ts';
import { parseDocumentName } from '../document-name.ts';
import { assertHolds, batch, rejects, snapshot } from '../sample.ts';
import { openPostgresStore } from './postgres-store.ts';
import { NO_POSTGRES, startTestServer } from './server-for-tests.ts';

const server = await startTestServer();
const A = parseDocumentName('a');

if (server === null) test('the store in PostgreSQL', { skip: NO_POSTGRES });
else {
  storeContract('postgres store', async (context, options) => {
    const url = await server.createDatabase();
    const open = () => openPostgresStore({ url, fsync: 'full', ...options });
    let store = await open();
    context.after(() => store.close());
    const reopen = async () => {
      await store.close();
      store = await open();
      return store;
    };
    return { store, reopen };
  });
}
