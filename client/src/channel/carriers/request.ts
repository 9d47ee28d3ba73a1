import type { HttpAnswer } from '../http.ts';
import type { Death } from '../rung.ts';
import type { CarrierContext } from './carrier.ts';

/** An answer that is no good, or none. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly why: Death | 'gone' | 'gap' | 'busy' | 'too-large';
  /** How long the server wants to be left alone, ms. */
  readonly retryAfterMs: number;
  /** What it said about what came, for a gap. */
  readonly body: Uint8Array;

  constructor(failure: {
    why: RequestFailed['why'];
    retryAfterMs?: number;
    body?: Uint8Array;
    cause?: unknown;
  }) {
    super(`A request of a channel failed: ${failure.why}.`, { cause: failure.cause });
    this.why = failure.why;
    this.retryAfterMs = failure.retryAfterMs ?? 0;
    this.body = failure.body ?? new Uint8Array(0);
  }
}

/** One request of a channel. */
export interface ChannelRequest {
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly body?: Uint8Array;
  /** Media type that a good answer has. */
  readonly type: string;
  readonly signal: AbortSignal;
}

/** Sends it; a good answer, whose body has not been read. Throws {@link RequestFailed}. */
export async function ask(context: CarrierContext, request: ChannelRequest): Promise<HttpAnswer> {
  const response = await send(context, request);
  if (response.status === 200) {
    // A portal or a filter answers with a page of its own.
    if (response.headers.get('content-type')?.startsWith(request.type) === true) return response;
    await discard(response);
    throw new RequestFailed({ why: 'foreign' });
  }
  const retryAfterMs = 1000 * Number(response.headers.get('retry-after') ?? 0);
  const body = response.status === 409 ? await read(response) : new Uint8Array(0);
  if (response.status !== 409) await discard(response);
  throw new RequestFailed({
    why: meaning(response.status),
    retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : 0,
    body,
  });
}

/** The whole body. Throws {@link RequestFailed}. */
export async function read(response: HttpAnswer): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throw new RequestFailed({ why: 'lost', cause: thrown });
  }
}

async function send(context: CarrierContext, request: ChannelRequest): Promise<HttpAnswer> {
  try {
    return await context.environment.fetch(request.address, {
      method: request.method,
      headers: { ...context.headers },
      ...(request.body === undefined ? {} : { body: request.body.slice() }),
      signal: request.signal,
      cache: 'no-store',
      redirect: 'error',
    });
  } catch (thrown) {
    // Network errors, and a page of another origin that may not see the answer, look the same.
    throw new RequestFailed({ why: 'unreachable', cause: thrown });
  }
}

/** What a status means to a channel (SPEC CH-8). */
function meaning(status: number): RequestFailed['why'] {
  if (status === 410) return 'gone';
  if (status === 409) return 'gap';
  if (status === 413) return 'too-large';
  if (status === 429) return 'busy';
  if (status === 403 || status === 401) return 'refused';
  if (status === 503) return 'unavailable';
  return 'foreign';
}

async function discard(response: HttpAnswer): Promise<void> {
  // Nobody reads it: that it can't be cancelled changes nothing.
  await response.body?.cancel().catch(() => undefined);
}
