import { SheafError } from '../../error.ts';

/** SQLSTATEs of our own, which the functions of migrations.ts raise. */
const OURS = { SH001: 'stale', SH002: 'deleted' } as const;

/** SQLSTATE of the function `append`: the number is neither the next nor the last one of this writer. */
const LOST_WRITER = 'SH003';

/** Classes of SQLSTATE (PostgreSQL documentation, appendix A) that say that nothing is wrong with the storage: it was asked again. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01']);

/** What a statement can meet. */
export type Trouble =
  /** An answer of ours: `stale` or `deleted`, say; nothing was written. */
  | { readonly kind: 'refused'; readonly error: SheafError }
  /** It met another transaction and was taken back: it can be repeated as it is. */
  | { readonly kind: 'conflict' }
  /** The connection is gone, or goes: whether a commit took place is not known. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The database took it back: disk full, read-only, no right … */
  | { readonly kind: 'failed'; readonly reason: string };

/** The SQLSTATE of what `pg` threw; null when the words are not the database's. */
function sqlState(thrown: unknown): string | null {
  // Errors of the system have a `code` too (ECONNREFUSED): only the database's have a severity.
  if (!(thrown instanceof Error) || !('code' in thrown) || !('severity' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

/** What a failed statement means. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof SheafError) return { kind: 'refused', error: thrown };
  const state = sqlState(thrown);
  if (state === null) return { kind: 'lost', reason: wordsOf(thrown) };
  if (state === 'SH001' || state === 'SH002')
    return { kind: 'refused', error: new SheafError(OURS[state], wordsOf(thrown)) };
  if (CONFLICTS.has(state)) return { kind: 'conflict' };
  // Class 08: connection; 57P: the database ends, starts or went down with this connection.
  if (state.startsWith('08') || state.startsWith('57P') || state === LOST_WRITER || state === '25P03')
    return { kind: 'lost', reason: wordsOf(thrown) };
  return { kind: 'failed', reason: wordsOf(thrown) };
}

/**
 * Words for a person and a log. Only the database's first line: its details quote rows, which are somebody's
 * documents. No message of `pg` holds the password.
 */
export function wordsOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return [...new Set(thrown.errors.map(wordsOf))].join('; ');
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const state = sqlState(thrown);
  return state === null || state in OURS ? words : `${words} (${state})`;
}

/** What a statement beside the commits threw, as the store's own error. */
export function storeError(thrown: unknown): SheafError {
  if (thrown instanceof SheafError) return thrown;
  const trouble = troubleOf(thrown);
  if (trouble.kind === 'refused') return trouble.error;
  const reason = trouble.kind === 'conflict' ? 'another node was in the way' : trouble.reason;
  return new SheafError('storage-unavailable', `The database does not answer as it should: ${reason}.`);
}

/** States that a person mends in the setting: wrong password, no such user or database, no right to connect. */
const OF_SETTING: ReadonlySet<string> = new Set(['28P01', '28000', '3D000', '42501']);

/** What went wrong at the start. */
export function startError(thrown: unknown): SheafError {
  if (thrown instanceof SheafError) return thrown;
  const state = sqlState(thrown) ?? '';
  const noTls = thrown instanceof Error && /does not support SSL/.test(thrown.message);
  if (noTls)
    return new SheafError(
      'bad-setting',
      'SHEAF_DATABASE_URL: the database offers no TLS; sslmode=disable says that plain text will do.',
    );
  if (OF_SETTING.has(state)) return new SheafError('bad-setting', `SHEAF_DATABASE_URL: ${wordsOf(thrown)}.`);
  return new SheafError('storage-unavailable', `The database cannot be used: ${wordsOf(thrown)}.`);
}
