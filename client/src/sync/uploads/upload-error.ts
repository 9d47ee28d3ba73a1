/**
 * Why an upload did not come or go. `away`: no network, or a server that does not answer; `missing`: the server does not
 * have it (yet); `refused`: this person may not; `too-large`; `too-many`: the document has as many as it may, or the server has
 * too much to do; `no-room`: the server's disk is full; `failed`: anything else.
 */
export type UploadErrorCode =
  'away' | 'missing' | 'refused' | 'too-large' | 'too-many' | 'no-room' | 'failed';

/** The error of uploads; its words are for a log, the page says them by the code. */
export class UploadError extends Error {
  readonly code: UploadErrorCode;

  constructor(code: UploadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UploadError';
    this.code = code;
  }

  static from(thrown: unknown): UploadError {
    if (thrown instanceof UploadError) return thrown;
    // What fetch throws is a TypeError, or the end of a wait.
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new UploadError('away', message, { cause: thrown });
  }

  /** Whether it may go another time without anybody doing something. */
  get passes(): boolean {
    return this.code === 'away' || this.code === 'too-many' || this.code === 'no-room';
  }
}

const CODES: Readonly<Record<number, UploadErrorCode>> = {
  401: 'refused',
  403: 'refused',
  404: 'missing',
  413: 'too-large',
  // What was there of it was not right and is dropped: it begins anew.
  422: 'away',
  429: 'too-many',
  507: 'no-room',
};

/** What an answer that is no success means. */
export function answerError({ status }: { readonly status: number }): UploadError {
  const code = CODES[status] ?? (status >= 500 ? 'away' : 'failed');
  return new UploadError(code, `The server answered ${String(status)}.`);
}
