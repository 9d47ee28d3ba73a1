import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { SheafError } from '../error.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Access, Grant, Role } from './access.ts';

/** How far the clocks of who signs and who checks may differ, seconds. */
const CLOCK_TOLERANCE_S = 5;

/** Pinned, so that a token cannot choose how it is checked (RFC 8725, section 3.1). */
const SECRET_ALGORITHMS = ['HS256'];
const JWKS_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

/** What a token can be wrong about when keys are looked up for it; anything else is the keys' address. */
const TOKENS_FAULT = [
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSENotSupported,
  errors.JWSInvalid,
];

/** How tokens are checked. At least one of `secret` and `keys` is there. */
export interface JwtOptions {
  /** For HS256; at least 32 bytes. */
  readonly secret: Uint8Array | null;
  /** For RS256, ES256 and EdDSA: finds the public key that a token names. */
  readonly keys: JWTVerifyGetKey | null;
  /** ms since 1970. */
  readonly now?: () => number;
}

/**
 * Public keys behind an address (RFC 7517), fetched when first needed and again when a key is unknown.
 * Throws `internal` when they cannot be had: that is not the token's fault.
 */
export function remoteKeys(address: URL): JWTVerifyGetKey {
  const find = createRemoteJWKSet(address);
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (thrown) {
      if (TOKENS_FAULT.some((kind) => thrown instanceof kind)) throw thrown;
      throw new SheafError('internal', 'The keys that check tokens cannot be fetched.', { cause: thrown });
    }
  };
}

/**
 * Access by tokens that an embedding program signs (RFC 7519). Claims: `sub`; `name`, optional; `doc`, a
 * document's name, a pattern that ends in `*`, or an array of these; `role`, `read` (default) or `write`;
 * `exp`. The list of documents asks for `doc` to be `*`.
 */
export class JwtAccess implements Access {
  readonly #secret: Uint8Array | null;
  readonly #keys: JWTVerifyGetKey | null;
  readonly #now: () => number;

  constructor(options: JwtOptions) {
    this.#secret = options.secret;
    this.#keys = options.keys;
    this.#now = options.now ?? Date.now;
  }

  /** Throws `unauthorized`, `forbidden`, or `internal` when the public keys cannot be fetched. */
  async authorize(request: { token: string; document: DocumentName | null }): Promise<Grant> {
    if (request.token === '') throw new SheafError('unauthorized', 'A token is needed.');
    const claims = await this.#verify(request.token);
    const { sub, exp, name } = claims;
    if (typeof sub !== 'string' || sub === '' || exp === undefined)
      throw new SheafError('unauthorized', 'The token lacks sub or exp.');
    if (!covers(claims['doc'], request.document)) {
      throw new SheafError('forbidden', 'The token does not cover this document.');
    }
    return {
      principal: { id: sub, name: typeof name === 'string' ? name : '' },
      role: roleOf(claims['role']),
      expires: exp * 1000,
    };
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      const options = {
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(this.#now()),
        requiredClaims: ['sub', 'exp'],
      };
      const symmetric = decodeProtectedHeader(token).alg === 'HS256';
      if (symmetric && this.#secret) {
        const checked = await jwtVerify(token, this.#secret, { ...options, algorithms: SECRET_ALGORITHMS });
        return checked.payload;
      }
      if (!symmetric && this.#keys) {
        const checked = await jwtVerify(token, this.#keys, { ...options, algorithms: JWKS_ALGORITHMS });
        return checked.payload;
      }
    } catch (thrown) {
      throw refusal(thrown);
    }
    throw new SheafError('unauthorized', 'The token is signed in a way that is not accepted here.');
  }
}

/** What a failed check means. Words of the library are not passed on: they may quote the token. */
function refusal(thrown: unknown): SheafError {
  if (thrown instanceof SheafError) return thrown;
  const expired = thrown instanceof errors.JWTExpired;
  const message = expired ? 'The token has expired.' : 'The token is not valid.';
  return new SheafError('unauthorized', message, { cause: thrown });
}

function roleOf(claim: unknown): Role {
  if (claim === undefined || claim === 'read') return 'read';
  if (claim === 'write') return 'write';
  throw new SheafError('unauthorized', "The token's role is neither read nor write.");
}

function covers(claim: unknown, document: DocumentName | null): boolean {
  const patterns: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return patterns.some((pattern) => {
    if (typeof pattern !== 'string') return false;
    if (pattern === '*') return true;
    if (document === null) return false;
    return pattern.endsWith('*') ? document.startsWith(pattern.slice(0, -1)) : document === pattern;
  });
}
