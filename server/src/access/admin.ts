import { createHash, timingSafeEqual } from 'node:crypto';
import { SheafError } from '../error.ts';

/**
 * Who may see the operator's pages (SPEC ADMIN). Until there are accounts: who shows the token; without a token whoever
 * reaches a server that anybody on this machine may write to anyway; else nobody.
 */
export class AdminAccess {
  readonly #token: Buffer | null;
  readonly #open: boolean;

  /** `open`: open access, on loopback. */
  constructor(token: string | null, open: boolean) {
    this.#token = token === null ? null : hash(token);
    this.#open = open;
  }

  /** Throws `unauthorized` (no token, or a wrong one), `forbidden` (nobody may). */
  check(token: string): void {
    if (this.#token !== null) {
      // Hashes have one length, and tell nothing of how much of it was right.
      if (!timingSafeEqual(hash(token), this.#token))
        throw new SheafError('unauthorized', 'The administrator’s token (SHEAF_ADMIN_TOKEN) is needed.');
      return;
    }
    if (!this.#open)
      throw new SheafError('forbidden', 'Set SHEAF_ADMIN_TOKEN at this server to see this from outside.');
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
