import { fieldOf, parseObject } from '../sync/json-object.ts';

/** How a service is asked. */
export interface ServiceCall {
  /** The page's own, or a test's. */
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** The address of the method: `…/package.Service/Method`. */
  readonly url: string;
  /** The request in Protobuf's JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Who asks; null: nobody in particular. */
  readonly token: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** A service said no, or what stands before it did: by Connect's word for why. */
export class CallError extends Error {
  /** As `not_found`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What Connect takes a bare HTTP status for; any other is `unknown`. */
const CODES: ReadonlyMap<number, string> = new Map([
  [400, 'internal'],
  [401, 'unauthenticated'],
  [403, 'permission_denied'],
  [404, 'unimplemented'],
  [429, 'unavailable'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
]);

/**
 * Calls a unary method by Connect's protocol with JSON, and gives the answer's JSON unread. Throws {@link CallError}; what `fetch`
 * throws is left as it is. Written by hand: Connect's client with what it needs of Protobuf is a tenth of all the script that a
 * document's page may have, for three methods.
 */
export async function callService({ fetch, url, body, token, signal }: ServiceCall): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'connect-protocol-version': '1',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
  const text = await response.text();
  const answer = parseObject(text);
  if (response.ok && answer !== null) return answer;
  const known = response.ok ? 'internal' : (CODES.get(response.status) ?? 'unknown');
  throw new CallError(
    textOf(answer, 'code') || known,
    textOf(answer, 'message') || `HTTP ${response.status}`,
  );
}

/** The text in a field of what a service answered; '' where there is none. */
export function textOf(answer: unknown, field: string): string {
  const value = fieldOf(answer, field);
  return typeof value === 'string' ? value : '';
}
