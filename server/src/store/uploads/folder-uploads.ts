import { parseUploadHash, type UploadHash } from '@sheaf/proto/upload-address';
import { createHash } from 'node:crypto';
import {
  open,
  readdir,
  readFile,
  rename,
  rm,
  statfs,
  unlink,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SheafError } from '../../error.ts';
import { parseDocumentName, type DocumentName } from '../document-name.ts';
import {
  exists,
  infoOf,
  isMissing,
  makeFolder,
  namesIn,
  readFileFrom,
  sizeOf,
  syncFolder,
  writeDurably,
} from './durable-files.ts';
import { OneAtATime } from './one-at-a-time.ts';
import {
  checkUnfinished,
  HEAD_BYTES,
  type Receipt,
  type StoredUpload,
  type UploadLimits,
  type UploadLink,
  type UploadPart,
  type UploadStore,
} from './upload-store.ts';

/** The file in a document's folder that holds its name. */
const NAME_FILE = 'name';

/**
 * Uploads in a folder that this process has for itself:
 *
 *     objects/ab/abcd…           what was uploaded, by its hash
 *     documents/HASH OF NAME/    a document: its `name`, and an empty file for each upload that it has
 *     unfinished/                what has not come whole
 *
 * A file comes to `objects` by a rename, whole, checked and synced; the document's file comes behind it. So a kill at any
 * moment leaves nothing half: at most an object that no document has, which {@link FolderUploads.tidy} finds.
 */
export class FolderUploads implements UploadStore {
  readonly #folder: string;
  readonly #limits: UploadLimits;
  /** Parts by their unfinished file, what changes an object by its hash, and within that what a document has by its folder. */
  readonly #turns = new OneAtATime();

  constructor(folder: string, limits: UploadLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  async receive(part: UploadPart): Promise<Receipt> {
    const { document, hash, author, size } = part;
    if (size > this.#limits.uploadBytes)
      throw new SheafError('too-large', `An upload has at most ${this.#limits.uploadBytes} bytes.`);
    const key = authorPart(author) + digest(`${document}\0${hash}`);
    const file = join(this.#folder, 'unfinished', key);
    if (this.#turns.isBusy(key)) return { state: 'gap', received: await sizeOf(file) };
    return this.#turns.run(key, () => storage(() => this.#receive(part, file)));
  }

  async #receive(part: UploadPart, file: string): Promise<Receipt> {
    const { document, hash, size, from } = part;
    const present = await this.#present(file, part);
    if (from !== present) return { state: 'gap', received: present };
    const handle = await open(file, 'a');
    let received: number;
    try {
      received = await append(handle, part, size);
      if (received < size) return { state: 'partial', received };
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await hashOf(file)) !== hash) {
      await rm(file, { force: true });
      throw new SheafError('malformed', 'This is not what its hash says: begin again.');
    }
    await this.#turns.run(hash, async () => {
      await this.#place(file, hash);
      await this.#link(document, hash);
    });
    return { state: 'stored', received };
  }

  /** How much is here of what is being uploaded; makes room for it if nothing is. */
  async #present(file: string, { author, size }: UploadPart): Promise<number> {
    const present = await sizeOf(file);
    // The same hash with another size: one of them is wrong, and the end will tell which.
    if (present > size) await rm(file, { force: true });
    const here = present > size ? 0 : present;
    const folder = dirname(file);
    if (present === 0) {
      await makeFolder(folder);
      const waiting = await readdir(folder);
      const own = waiting.filter((name) => name.startsWith(authorPart(author)));
      checkUnfinished(waiting.length, own.length, this.#limits);
    }
    // Documents are on the same disk, and what people write comes first.
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < this.#limits.uploadFreeBytes + size - here)
      throw new SheafError('storage-unavailable', 'The disk has no room for uploads.');
    return here;
  }

  /** Puts a whole, synced file where objects are. */
  async #place(file: string, hash: UploadHash): Promise<void> {
    const object = this.#object(hash);
    if (await exists(object)) return rm(file, { force: true });
    await makeFolder(dirname(object));
    await rename(file, object);
    await syncFolder(dirname(object));
  }

  /** Lets a document have an object that is there. */
  async #link(document: DocumentName, hash: UploadHash): Promise<void> {
    const folder = this.#documentFolder(document);
    await this.#turns.run(folder, () => this.#linkIn(folder, document, hash));
  }

  async #linkIn(folder: string, document: DocumentName, hash: UploadHash): Promise<void> {
    const now = new Date();
    if (await exists(join(folder, hash))) return utimes(join(folder, hash), now, now);
    if ((await nameIn(folder)) !== document) {
      await makeFolder(folder);
      await writeDurably(join(folder, NAME_FILE), document);
    }
    const present = await readdir(folder);
    if (present.length - 1 >= this.#limits.documentUploads)
      throw new SheafError('too-many', `A document has at most ${this.#limits.documentUploads} uploads.`);
    // As new: a tidying that has looked already, here or in another process, leaves it.
    await utimes(this.#object(hash), now, now);
    await writeDurably(join(folder, hash), '');
  }

  async open(document: DocumentName, hash: UploadHash): Promise<StoredUpload | null> {
    return storage(async () => {
      if (!(await exists(join(this.#documentFolder(document), hash)))) return null;
      const file = this.#object(hash);
      const handle = await open(file, 'r').catch((thrown: unknown) => {
        if (isMissing(thrown)) return null;
        throw thrown;
      });
      if (handle === null) return null;
      try {
        const { size } = await handle.stat();
        const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
        await handle.read(head, 0, head.length, 0);
        return { size, head, read: (from, to) => readFileFrom(file, from, to) };
      } finally {
        await handle.close();
      }
    });
  }

  async documents(): Promise<DocumentName[]> {
    return storage(async () => {
      const found: DocumentName[] = [];
      for (const folder of await namesIn(join(this.#folder, 'documents'))) {
        const name = await nameIn(join(this.#folder, 'documents', folder));
        // One that was cut is named at the next upload.
        if (name !== '' && digest(name) === folder) found.push(parseDocumentName(name));
      }
      return found;
    });
  }

  async links(document: DocumentName): Promise<UploadLink[]> {
    return storage(async () => {
      const folder = this.#documentFolder(document);
      const found: UploadLink[] = [];
      for (const name of await namesIn(folder)) {
        const hash = parseUploadHash(name);
        const info = hash === null ? null : await infoOf(join(folder, name));
        if (hash !== null && info !== null) found.push({ hash, since: info.mtimeMs });
      }
      return found;
    });
  }

  async unlink(document: DocumentName, hash: UploadHash, before = Infinity): Promise<void> {
    const folder = this.#documentFolder(document);
    await storage(() =>
      this.#turns.run(folder, async () => {
        await removeIfOld(join(folder, hash), before);
        const left = await namesIn(folder);
        if (left.every((name) => name === NAME_FILE)) await rm(folder, { recursive: true, force: true });
      }),
    );
  }

  async tidy(before: number): Promise<void> {
    await storage(async () => {
      await this.#tidyObjects(before, await this.#allLinked());
      const unfinished = join(this.#folder, 'unfinished');
      for (const name of await namesIn(unfinished))
        if (!this.#turns.isBusy(name)) await removeIfOld(join(unfinished, name), before);
    });
  }

  async #allLinked(): Promise<Set<string>> {
    const linked = new Set<string>();
    for (const folder of await namesIn(join(this.#folder, 'documents')))
      for (const name of await namesIn(join(this.#folder, 'documents', folder))) linked.add(name);
    return linked;
  }

  async #tidyObjects(before: number, linked: ReadonlySet<string>): Promise<void> {
    for (const part of await namesIn(join(this.#folder, 'objects')))
      for (const name of await namesIn(join(this.#folder, 'objects', part))) {
        const hash = parseUploadHash(name);
        if (hash === null || linked.has(hash)) continue;
        await this.#turns.run(hash, () => removeIfOld(this.#object(hash), before));
      }
  }

  async close(): Promise<void> {
    await this.#turns.settled();
  }

  #object(hash: UploadHash): string {
    return join(this.#folder, 'objects', hash.slice(0, 2), hash);
  }

  #documentFolder(document: DocumentName): string {
    return join(this.#folder, 'documents', digest(document));
  }
}

/** Whose a document's folder is; '' if a kill left it without a name. */
async function nameIn(folder: string): Promise<string> {
  return readFile(join(folder, NAME_FILE), 'utf8').catch((thrown: unknown) => {
    if (isMissing(thrown)) return '';
    throw thrown;
  });
}

/** What the disk refuses is told as such. */
async function storage<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (thrown) {
    throw SheafError.from(thrown, 'storage-unavailable');
  }
}

/** How the unfinished uploads of an author begin. */
function authorPart(author: string): string {
  return `${digest(author)}-`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes a part behind what is there; how much is there then. What was cut counts as far as it came. */
async function append(handle: FileHandle, { from, body }: UploadPart, size: number): Promise<number> {
  let received = from;
  for await (const chunk of body) {
    if (received + chunk.length > size) throw new SheafError('too-large', 'More came than was announced.');
    await handle.writeFile(chunk);
    received += chunk.length;
  }
  return received;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readFileFrom(file, 0, Infinity)) hash.update(chunk);
  return hash.digest('hex');
}

async function removeIfOld(file: string, before: number): Promise<void> {
  const info = await infoOf(file);
  if (info !== null && info.mtimeMs < before) await unlink(file);
}
