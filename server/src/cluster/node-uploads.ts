import { ConnectError } from '@connectrpc/connect';
import { setTimeout as after } from 'node:timers/promises';
import { parseUploadHash, type UploadHash } from '@sheaf/proto/upload-address';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import { type DocumentName, parseDocumentName } from '../store/document-name.ts';
import type { UploadStore } from '../store/uploads/upload-store.ts';
import type { NodeId } from './message.ts';
import type { Remote } from './remote.ts';

/** Whose parts are those that come from another node; no person has this id, which holds a blank. */
const NODE = 'another node';

/** What bringing uploads, and offering them, needs. */
export interface NodeUploadsOptions {
  readonly uploads: UploadStore;
  readonly limits: Limits;
  /** This node. */
  readonly node: NodeId;
  /** So many other nodes have to have it (`SHEAF_ACK`). */
  readonly others: number;
  /** The nodes that can be asked now. */
  readonly linked: () => ReadonlyMap<NodeId, Remote>;
}

/** On how many nodes' disks an upload is, and whether `SHEAF_ACK` asks for no more. */
export interface UploadCopies {
  readonly copies: number;
  readonly enough: boolean;
}

/** Uploads between nodes: each has on its disk what came to it, what it was offered, and what somebody asked it for. */
export class NodeUploads {
  readonly #options: NodeUploadsOptions;
  readonly #uploads: UploadStore;
  readonly #limits: Limits;
  /** What is being brought: several people who open a document want the same. */
  readonly #bringing = new Map<string, Promise<boolean>>();

  constructor(options: NodeUploadsOptions) {
    this.#options = options;
    this.#uploads = options.uploads;
    this.#limits = options.limits;
  }

  /** Brings an upload from a linked node whose document has it, `first` is asked first; false if none has, or none answers. */
  bring(document: DocumentName, hash: UploadHash, first: string | null = null): Promise<boolean> {
    const key = `${hash} ${document}`;
    const underWay = this.#bringing.get(key);
    if (underWay) return underWay;
    const bringing = this.#bring(document, hash, first).finally(() => this.#bringing.delete(key));
    this.#bringing.set(key, bringing);
    return bringing;
  }

  /**
   * Offers an upload that this node has to all linked ones. Resolves as soon as as many have it as have to, when all have
   * answered, or after `copiesAnswerMs`; the others go on behind that.
   */
  async offer(document: DocumentName, hash: UploadHash): Promise<UploadCopies> {
    const { others, linked } = this.#options;
    const enough = Promise.withResolvers<void>();
    let taken = 0;
    if (others === 0) enough.resolve();
    const offers = [...linked().values()].map(async (remote) => {
      if (await this.#offerTo(remote, document, hash)) taken += 1;
      if (taken >= others) enough.resolve();
    });
    const over = new AbortController();
    const late = after(this.#limits.copiesAnswerMs, undefined, { ref: false, signal: over.signal });
    // Ended by what follows.
    await Promise.race([enough.promise, Promise.all(offers), late.catch(() => {})]);
    over.abort();
    return { copies: 1 + taken, enough: taken >= others };
  }

  async #offerTo({ client }: Remote, document: DocumentName, hash: UploadHash): Promise<boolean> {
    const request = { document, hash: Buffer.from(hash, 'hex'), node: this.#options.node };
    try {
      return (await client.takeUpload(request, { timeoutMs: this.#limits.uploadTakeMs })).taken;
    } catch (thrown) {
      // One that went, or does not know the call: it brings it when somebody asks.
      if (thrown instanceof ConnectError) return false;
      throw thrown;
    }
  }

  /** Answers TakeUpload. Throws `bad-name`. */
  async take(request: { document: string; hash: Uint8Array; node: string }): Promise<{ taken: boolean }> {
    const document = parseDocumentName(request.document);
    const hash = hashIn(request.hash);
    if (hash === null) return { taken: false };
    const isHere = (await this.#uploads.open(document, hash)) !== null;
    return { taken: isHere || (await this.bring(document, hash, request.node)) };
  }

  async #bring(document: DocumentName, hash: UploadHash, first: string | null): Promise<boolean> {
    const linked = [...this.#options.linked()].toSorted(
      ([a], [b]) => Number(b === first) - Number(a === first),
    );
    for (const [, remote] of linked)
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
      // An author for each: the bound for one person's unfinished uploads is not for nodes.
      const part = { document, hash, author: `${NODE} ${hash}`, size };
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
    const hash = hashIn(request.hash);
    const upload = hash && (await this.#uploads.open(parseDocumentName(request.document), hash));
    if (!upload) throw new SheafError('not-found', 'The document has no such upload here.');
    yield { size: BigInt(upload.size), data: new Uint8Array() };
    for await (const data of upload.read(0, upload.size)) yield { data };
  }
}

function hashIn(bytes: Uint8Array): UploadHash | null {
  return parseUploadHash(Buffer.from(bytes).toString('hex'));
}
