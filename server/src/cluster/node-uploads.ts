import { ConnectError } from '@connectrpc/connect';
import { parseUploadHash, type UploadHash } from '@sheaf/proto/upload-address';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import type { UploadStore } from '../store/uploads/upload-store.ts';
import type { Remote } from './remote.ts';

/** Whose parts are those that come from another node; no person has this id, which holds a blank. */
const NODE = 'another node';

/** Uploads between nodes: each has on its disk what came to it, and what somebody asked it for. */
export class NodeUploads {
  readonly #uploads: UploadStore;
  readonly #limits: Limits;
  readonly #linked: () => readonly Remote[];
  /** What is being brought: several people who open a document want the same. */
  readonly #bringing = new Map<string, Promise<boolean>>();

  /** `linked`: the nodes that can be asked now. */
  constructor(uploads: UploadStore, limits: Limits, linked: () => readonly Remote[]) {
    this.#uploads = uploads;
    this.#limits = limits;
    this.#linked = linked;
  }

  /** Brings an upload from a linked node whose document has it; false if none has, or none answers. */
  bring(document: DocumentName, hash: UploadHash): Promise<boolean> {
    const key = `${hash} ${document}`;
    const underWay = this.#bringing.get(key);
    if (underWay) return underWay;
    const bringing = this.#bring(document, hash).finally(() => this.#bringing.delete(key));
    this.#bringing.set(key, bringing);
    return bringing;
  }

  async #bring(document: DocumentName, hash: UploadHash): Promise<boolean> {
    for (const remote of this.#linked())
      try {
        if (await this.#fetch(remote, document, hash)) return true;
      } catch (thrown) {
        // One that does not have it, does not know the call, goes in the middle of it, or has it damaged: another may do better.
        if (!(thrown instanceof ConnectError) && SheafError.from(thrown).code !== 'malformed') throw thrown;
      }
    return false;
  }

  async #fetch({ client }: Remote, document: DocumentName, hash: UploadHash): Promise<boolean> {
    const stalled = new AbortController();
    const wait = (): NodeJS.Timeout => setTimeout(() => stalled.abort(), this.#limits.peerAnswerMs);
    let timer = wait();
    try {
      const request = { document, hash: Buffer.from(hash, 'hex') };
      const chunks = client.fetchUpload(request, { signal: stalled.signal })[Symbol.asyncIterator]();
      const first = await chunks.next();
      if (first.done === true) return false;
      const size = Number(first.value.size);
      let skip = 0;
      const body = async function* (): AsyncGenerator<Uint8Array> {
        const following = (): ReturnType<typeof chunks.next> =>
          chunks.next().catch((thrown: unknown) => {
            throw SheafError.from(thrown, 'malformed');
          });
        for (let next = await following(); next.done !== true; next = await following()) {
          clearTimeout(timer);
          timer = wait();
          const { data } = next.value;
          const left = Math.min(skip, data.length);
          skip -= left;
          if (left < data.length) yield data.subarray(left);
        }
      };
      const part = { document, hash, author: NODE, size };
      const receipt = await this.#uploads.receive({ ...part, from: 0, body: body() });
      if (receipt.state !== 'gap') return receipt.state === 'stored';
      // An earlier attempt was cut: what it brought is passed over.
      skip = receipt.received;
      const rest = await this.#uploads.receive({ ...part, from: skip, body: body() });
      return rest.state === 'stored';
    } finally {
      clearTimeout(timer);
      stalled.abort();
    }
  }

  /** Answers FetchUpload. Throws `not-found`. */
  async *chunks(request: {
    document: string;
    hash: Uint8Array;
  }): AsyncGenerator<{ size?: bigint; data: Uint8Array }> {
    const hash = parseUploadHash(Buffer.from(request.hash).toString('hex'));
    const upload = hash && (await this.#uploads.open(parseDocumentName(request.document), hash));
    if (!upload) throw new SheafError('not-found', 'The document has no such upload here.');
    yield { size: BigInt(upload.size), data: new Uint8Array() };
    for await (const data of upload.read(0, upload.size)) yield { data };
  }
}
