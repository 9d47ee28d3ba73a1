import { uploadAddress } from '@sheaf/proto/upload-address';
import type { UploadHash } from '@sheaf/proto/upload-address';
import { fieldOf, parseObject } from '../json-object.ts';
import type { TokenSource } from '../tokens.ts';
import { answerError, UploadError } from './upload-error.ts';

/** Sent at once, bytes: less than what a proxy lets through by default (nginx: 1 MiB), and a few seconds of a slow line. */
const PART_BYTES = 512 * 1024;
/** Parts become no smaller where somebody finds them too large, bytes. */
const SMALLEST_PART = 16 * 1024;
/** A part, and an answer, has so long, ms. */
const PART_MS = 60_000;
/** Of what comes down nothing may come for so long, ms; all of it has as long as its line needs. */
const SILENCE_MS = 60_000;
/** The server says how far it is; more often than this nobody goes on from there without getting further. */
const MOST_GAPS = 20;

/** What carries uploads to and from one server. */
export interface TransferOptions {
  /** The server's origin. */
  readonly base: string;
  readonly document: string;
  readonly tokens: TokenSource;
  readonly fetch: typeof fetch;
}

interface Request {
  readonly method?: 'HEAD' | 'PUT';
  readonly body?: Blob;
  /** Ends the request, its answer's content included; asked for when it begins. */
  readonly signal: () => AbortSignal;
}

/** Carries uploads of one document. Everything throws {@link UploadError}. */
export class Transfer {
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /**
   * Sends `content` in parts, going on where an earlier attempt ended; resolves when it is on as many of the server's disks
   * as have to have it (SPEC UPLOAD-9). `onprogress` is told how many bytes are there.
   */
  async send(
    hash: UploadHash,
    content: Blob,
    { signal, onprogress }: { signal: AbortSignal; onprogress: (sent: number) => void },
  ): Promise<void> {
    const { size } = content;
    const bounded = () => AbortSignal.any([signal, AbortSignal.timeout(PART_MS)]);
    const isThere = (await this.#ask(hash, '', { method: 'HEAD', signal: bounded })).ok;
    // What is there is offered to the other nodes once more.
    let from = isThere ? size : 0;
    let part = PART_BYTES;
    for (let gaps = 0; gaps < MOST_GAPS;) {
      const body = content.slice(from, from + part);
      const query = `&size=${String(size)}&from=${String(from)}`;
      const answer = await this.#ask(hash, query, { method: 'PUT', body, signal: bounded });
      // A bound on the way, perhaps; the server's own refuses the smallest part as well.
      if (answer.status === 413 && body.size > SMALLEST_PART) {
        part = Math.max(SMALLEST_PART, Math.floor(body.size / 2));
        continue;
      }
      if (!answer.ok && answer.status !== 409) throw answerError(answer);
      const received = await receivedOf(answer);
      onprogress(received);
      if (answer.status === 201) return;
      if (answer.status === 202) throw new UploadError('away', 'Fewer nodes have it than have to.');
      if (answer.status === 409 || received <= from) gaps += 1;
      // Another page of this person may be sending it.
      if (answer.status === 409 && received === from) await pause(signal);
      from = received;
    }
    throw new UploadError('away', 'The upload does not get further.');
  }

  /** What the server has. */
  async get(hash: UploadHash, signal: AbortSignal): Promise<Blob> {
    const silence = new Silence(SILENCE_MS);
    try {
      const heard = AbortSignal.any([signal, silence.signal]);
      const answer = await this.#ask(hash, '', { signal: () => heard });
      if (!answer.ok) throw answerError(answer);
      const reader = answer.body?.getReader();
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
        silence.heard();
        parts.push(read.value);
      }
      return new Blob(parts, { type: answer.headers.get('content-type') ?? '' });
    } catch (thrown) {
      throw UploadError.from(thrown);
    } finally {
      silence.end();
    }
  }

  async #ask(hash: UploadHash, query: string, init: Request): Promise<Response> {
    const { tokens, document } = this.#options;
    const first = await this.#fetch(hash, query, init, await tokens.get(document));
    if (first.status !== 401) return first;
    // The one in hand may just be old.
    return this.#fetch(hash, query, init, await tokens.renew(document));
  }

  async #fetch(
    hash: UploadHash,
    query: string,
    init: Request,
    answer: Awaited<ReturnType<TokenSource['get']>>,
  ): Promise<Response> {
    const { base, document } = this.#options;
    if (answer.type === 'failed') throw new UploadError('away', 'Nobody gives a token.');
    if (answer.type === 'refused') throw new UploadError('refused', 'Nobody gives this person a token.');
    const headers = answer.type === 'token' ? { authorization: `Bearer ${answer.token}` } : {};
    try {
      const address = base + uploadAddress(hash, document) + query;
      return await this.#options.fetch(address, { ...init, headers, signal: init.signal() });
    } catch (thrown) {
      throw UploadError.from(thrown);
    }
  }
}

/** How many bytes the server has. */
async function receivedOf(answer: Response): Promise<number> {
  const text = await answer.text().catch((thrown: unknown) => {
    throw UploadError.from(thrown);
  });
  const received = fieldOf(parseObject(text), 'received');
  if (typeof received === 'number' && Number.isSafeInteger(received) && received >= 0) return received;
  throw new UploadError('away', 'The answer is not one of this server.');
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1_000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Ends a wait in which nothing was heard for `ms`. */
class Silence {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number) {
    this.#ms = ms;
    this.#timer = this.#begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#begin();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #begin(): ReturnType<typeof setTimeout> {
    const error = new UploadError('away', 'Nothing comes any more.');
    return setTimeout(() => this.#controller.abort(error), this.#ms);
  }
}
