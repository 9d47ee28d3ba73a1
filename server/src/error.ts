/** What went wrong, for a program. The words for a person stand in the message. */
export type ErrorCode =
  | 'bad-setting'
  | 'bad-name'
  | 'malformed'
  | 'too-large'
  | 'too-many'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'deleted'
  | 'read-only'
  | 'stale'
  | 'corrupt'
  | 'storage-unavailable'
  | 'draining'
  | 'internal';

/** The one error class of the server. Edges convert what they catch with {@link SheafError.from}. */
export class SheafError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SheafError';
    this.code = code;
  }

  /** `unknown` as a SheafError; what is none already becomes `code` ('internal' unless told). */
  static from(thrown: unknown, code: ErrorCode = 'internal'): SheafError {
    if (thrown instanceof SheafError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new SheafError(code, message, { cause: thrown });
  }
}

/** Ends a switch over a union: a missing case fails the type check, and a wrong value throws. */
export function assertNever(value: never): never {
  throw new SheafError('internal', `unexpected value: ${JSON.stringify(value)}`);
}
