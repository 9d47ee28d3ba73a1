import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from '../contract.ts';
import { openSqliteStore } from './sqlite-store.ts';

storeContract('sqlite store', async (context, options) => {
  const folder = mkdtempSync(join(tmpdir(), 'sheaf-store-'));
  const open = () => openSqliteStore({ folder, fsync: 'full', ...options });
  let store = await open();
  context.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const reopen = async () => {
    await store.close();
    store = await open();
    return store;
  };
  return { store, reopen };
});
