import { referredUpload } from '@sheaf/proto/upload-address';
import { UploadError } from '../../sync/uploads/upload-error.ts';
import type { UploadErrorCode } from '../../sync/uploads/upload-error.ts';
import type { Uploads } from '../../sync/uploads/uploads.ts';
import type { MediaPlace } from './media-view.ts';

/** What is not there is asked for again after, ms: doubled each time up to the longest. */
const AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 60_000;

/** Says how far an upload is, why it is not here or not there, and offers to try again. */
export class UploadStatus {
  readonly dom = document.createElement('div');
  readonly #place: MediaPlace;
  readonly #source: unknown;
  readonly #text = document.createElement('span');
  readonly #bar = document.createElement('progress');
  readonly #button = document.createElement('button');
  readonly #lifetime = new AbortController();
  #getting: UploadErrorCode | null = null;
  #uploads: Uploads | null = null;
  #retry: (() => void) | null = null;

  constructor(place: MediaPlace, source: unknown) {
    this.#place = place;
    this.#source = source;
    this.dom.className = 'media-status';
    this.dom.hidden = true;
    // Trouble is told; how far it is, is not told at each step.
    this.#text.setAttribute('role', 'status');
    this.#bar.max = 1;
    this.#button.type = 'button';
    this.#button.textContent = place.options.words.again;
    this.#button.addEventListener('click', () => this.#again());
    this.dom.append(this.#bar, this.#text, this.#button);
    void this.#follow();
  }

  /** The content, once it is there; asks again until then. Rejects when this is taken away, or refers to nothing. */
  async content(): Promise<Blob> {
    const { signal } = this.#lifetime;
    const hash = referredUpload(this.#source);
    if (hash === null) {
      this.#getting = 'failed';
      this.#paint();
      throw new UploadError('failed', 'It refers to no upload.');
    }
    for (let wait = AGAIN_MS; ; wait = Math.min(LONGEST_AGAIN_MS, wait * 2)) {
      signal.throwIfAborted();
      try {
        const { uploads, pasted } = this.#place.options;
        const blob = await (await uploads.load()).content(hash, { signal, pasted: pasted.has(hash) });
        this.#getting = null;
        this.#paint();
        return blob;
      } catch (thrown) {
        signal.throwIfAborted();
        const { code } = UploadError.from(thrown);
        this.#getting = code;
        this.#paint();
        await this.#pause(wait);
      }
    }
  }

  destroy(): void {
    this.#lifetime.abort();
  }

  async #follow(): Promise<void> {
    const hash = referredUpload(this.#source);
    const uploads = hash === null ? null : await this.#place.options.uploads.load().catch(() => null);
    const { signal } = this.#lifetime;
    if (!uploads || hash === null || signal.aborted) return;
    this.#uploads = uploads;
    signal.addEventListener(
      'abort',
      uploads.onChange(hash, () => this.#paint()),
    );
    this.#paint();
  }

  #again(): void {
    const hash = referredUpload(this.#source);
    if (hash !== null) this.#uploads?.retry(hash);
    this.#retry?.();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = new AbortController();
      const { signal } = waiting;
      const end = () => {
        waiting.abort();
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#retry = end;
      this.#lifetime.signal.addEventListener('abort', end, { signal });
      window.addEventListener('online', end, { signal });
    });
  }

  #paint(): void {
    const { words } = this.#place;
    const hash = referredUpload(this.#source);
    const sending = hash === null ? null : (this.#uploads?.state(hash) ?? null);
    const error = sending?.error ?? this.#getting;
    this.dom.hidden = !sending && error === null;
    this.#bar.hidden = !sending || sending.error !== null;
    this.#bar.value = sending?.progress ?? 0;
    this.#button.hidden = error === null || hash === null;
    const percent = new Intl.NumberFormat(document.documentElement.lang || 'en', { style: 'percent' });
    const way = words.uploading(percent.format(sending?.progress ?? 0));
    this.#bar.ariaLabel = way;
    const text = sending?.error
      ? words.sending[sending.error]
      : this.#getting !== null && !sending
        ? words.getting[this.#getting]
        : '';
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.dom.dataset['state'] = error ?? (sending ? 'sending' : 'there');
  }
}
