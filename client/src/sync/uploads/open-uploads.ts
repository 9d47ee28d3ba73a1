import { referredUpload } from '@sheaf/proto/upload-address';
import type { UploadHash } from '@sheaf/proto/upload-address';
import { CONTENT_FIELD } from '@sheaf/schema/content';
import * as Y from 'yjs';
import type { SessionUploadsOptions } from '../session-uploads.ts';
import { RecentUploads } from './recent-uploads.ts';
import { Transfer } from './transfer.ts';
import type { UploadMemory } from './upload-memory.ts';
import { Uploads } from './uploads.ts';
import { WaitingUploads } from './waiting-uploads.ts';

/** Opens the uploads of a document, with what earlier visits left; `read`: whether that could be looked at. `onCounts` is called behind that, at each change. */
export async function openUploads(
  {
    document,
    doc,
    url,
    tokens,
    memory,
    mayWrite,
    signal,
  }: SessionUploadsOptions & { readonly signal: AbortSignal },
  onCounts: () => void,
): Promise<{ readonly uploads: Uploads; readonly read: boolean }> {
  const base = new URL(url.replace(/^ws/, 'http')).origin;
  const recent = new RecentUploads(memory.shown);
  let opened = false;
  // The mere mention of it throws where a browser keeps nothing for this site.
  const waiting = globalThis.indexedDB === undefined ? null : waitingUploads(memory);
  const uploads = new Uploads({
    document,
    transfer: new Transfer({ base, document, tokens, fetch: (input, init) => fetch(input, init) }),
    waiting,
    recent,
    mayWrite,
    onCounts: () => opened && onCounts(),
    isReferred: (hash) => refersTo(doc, hash),
  });
  signal.addEventListener('abort', () => {
    uploads.close();
    recent.close();
    waiting?.close();
  });
  const read = await uploads.load();
  opened = true;
  return { uploads, read };
}

/** Whether an element of the document refers to an upload; one that did not come yet may. */
function refersTo(doc: Y.Doc, hash: UploadHash): boolean {
  const flow = doc.getText(CONTENT_FIELD);
  if (flow.length === 0) return true;
  for (let item = flow._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentType)) continue;
    const { type } = item.content;
    if (type instanceof Y.XmlElement && referredUpload(type.getAttribute('src')) === hash) return true;
  }
  return false;
}

/** A document's copy is removed from this browser, with the uploads that wait for it. */
export async function forgetUploads(document: string, memory: UploadMemory): Promise<void> {
  const waiting = waitingUploads(memory);
  try {
    await waiting.forget(document);
  } finally {
    waiting.close();
  }
}

function waitingUploads(memory: UploadMemory): WaitingUploads {
  return new WaitingUploads({ onCount: (document, count) => memory.set(document, count) });
}
