import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { SheafError, type ErrorCode } from '../error.ts';
import type { Log } from '../http/log.ts';

const CODES: Readonly<Record<ErrorCode, Code>> = {
  'bad-setting': Code.Internal,
  'bad-name': Code.InvalidArgument,
  malformed: Code.InvalidArgument,
  'too-large': Code.ResourceExhausted,
  'too-many': Code.ResourceExhausted,
  unauthorized: Code.Unauthenticated,
  forbidden: Code.PermissionDenied,
  'not-found': Code.NotFound,
  deleted: Code.FailedPrecondition,
  'read-only': Code.FailedPrecondition,
  stale: Code.Aborted,
  corrupt: Code.DataLoss,
  'storage-unavailable': Code.Unavailable,
  draining: Code.Unavailable,
  internal: Code.Internal,
};

/** What the caller of an API is told. The words of an internal error are for the log alone. */
function connectError(thrown: unknown): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = SheafError.from(thrown);
  const code = CODES[error.code];
  const words = code === Code.Internal ? 'The server made a mistake.' : error.message;
  return new ConnectError(words, code, undefined, undefined, error);
}

/** Turns what a service throws into {@link connectError}, and logs what is the server's own fault. */
export function connectErrors(log: Log): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (thrown) {
      const error = connectError(thrown);
      if (error.code === Code.Internal || error.code === Code.DataLoss)
        log.error({ err: thrown, method: request.method.name }, 'A call of the API failed');
      throw error;
    }
  };
}
