/**
 * Why this browser did not keep something. `full`: no room. `unavailable`: the browser keeps nothing for this site,
 * as private windows and strict settings have it. `blocked`: another tab holds an older layout open. `outdated`: a newer
 * version of this page has changed the layout. `too-large`: the document is above its limit. `gone`: the copy that was
 * to be continued was removed. `stale`: it has changed since it was looked at. `unsent`: it holds changes that the
 * server lacks. `failed`: anything else.
 */
export type KeepErrorCode =
  'full' | 'unavailable' | 'blocked' | 'outdated' | 'too-large' | 'gone' | 'stale' | 'unsent' | 'failed';

/** The offline store's one error. */
export class KeepError extends Error {
  readonly code: KeepErrorCode;

  constructor(code: KeepErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** What a thrown value of IndexedDB means, by the names of the Indexed Database API 3.0. */
  static from(thrown: unknown): KeepError {
    if (thrown instanceof KeepError) return thrown;
    const name = thrown instanceof Error ? thrown.name : '';
    return new KeepError(CODES[name] ?? 'failed', thrown instanceof Error ? thrown.message : String(thrown), {
      cause: thrown,
    });
  }
}

const CODES: Record<string, KeepErrorCode> = {
  QuotaExceededError: 'full',
  SecurityError: 'unavailable',
  NotAllowedError: 'unavailable',
  NotSupportedError: 'unavailable',
  VersionError: 'outdated',
};
