import { compactDocument } from './compact.ts';
import { KeepError } from './keep-error.ts';
import { OfflineStore } from './offline-store.ts';

/** Asks for the compaction of a document's copy; the answer is '' or the code of the {@link KeepError}. */
export interface CompactionRequest {
  /** The database's name. */
  readonly database: string;
  readonly document: string;
}

addEventListener('message', (event: MessageEvent<CompactionRequest>) => {
  void compact(event.data).then((answer) => postMessage(answer));
});

async function compact({ database, document }: CompactionRequest): Promise<string> {
  const store = new OfflineStore({
    name: database,
    now: Date.now,
    randomId: () => crypto.randomUUID(),
    tabs: null,
  });
  try {
    await compactDocument(store, document);
    return '';
  } catch (thrown) {
    return KeepError.from(thrown).code;
  } finally {
    store.close();
  }
}
