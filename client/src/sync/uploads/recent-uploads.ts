import type { UploadHash } from '@sheaf/proto/upload-address';

/** What is remembered of what was shown, bytes. */
const SHOWN_BYTES = 64 * 1024 * 1024;
/** Another page of this browser has answered within, ms, or does not have it. */
const ANSWER_MS = 500;
const CHANNEL = 'sheaf-uploads';

/** What pages of this browser have shown lately, so that what is copied from one document can be put into another. */
export class RecentUploads {
  readonly #shown: Map<string, Blob>;
  readonly #pages: BroadcastChannel;

  /** `shown` outlives this: it is the page's, not the document's. */
  constructor(shown: Map<string, Blob>) {
    this.#shown = shown;
    this.#pages = new BroadcastChannel(CHANNEL);
    this.#pages.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#asked(data));
  }

  keep(hash: UploadHash, content: Blob): void {
    this.#shown.delete(hash);
    this.#shown.set(hash, content);
    let bytes = 0;
    for (const [name, { size }] of [...this.#shown].toReversed()) {
      bytes += size;
      if (bytes > SHOWN_BYTES) this.#shown.delete(name);
    }
  }

  /** null: no page of this browser has it. */
  async find(hash: UploadHash): Promise<Blob | null> {
    const own = this.#shown.get(hash);
    if (own) return own;
    return new Promise((resolve) => {
      const asking = new AbortController();
      const end = (found: Blob | null) => {
        asking.abort();
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => end(null), ANSWER_MS);
      const heard = ({ data }: MessageEvent<unknown>) => {
        const content = fieldOf(data, 'content');
        if (fieldOf(data, 'hash') === hash && content instanceof Blob) end(content);
      };
      this.#pages.addEventListener('message', heard, { signal: asking.signal });
      this.#pages.postMessage({ wanted: hash });
    });
  }

  close(): void {
    this.#pages.close();
  }

  #asked(data: unknown): void {
    const wanted = fieldOf(data, 'wanted');
    const content = typeof wanted === 'string' ? this.#shown.get(wanted) : undefined;
    if (content) this.#pages.postMessage({ hash: wanted, content });
  }
}

function fieldOf(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;
}
