import type { CloseReason } from '../document/subscriber.ts';
import type { ErrorCode } from '../error.ts';

/**
 * Close codes of the plain protocols. 1012 and 1013: RFC 6455's registry. 4205, 4401, 4403, 4408: Hocuspocus.
 * y-websocket's client gives up on 4400 to 4499 and comes back on any other.
 */
const CODES = {
  malformed: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  timeout: 4408,
  deleted: 4410,
  'too-large': 4413,
  'too-many': 1013,
  'storage-unavailable': 1013,
  draining: 1012,
  resync: 4205,
  expired: 4205,
  corrupt: 1011,
  internal: 1011,
} as const satisfies Record<CloseReason, number> & Record<string, number>;

/** Why a connection ends. */
export type Ending = keyof typeof CODES;

/** The close code of an ending. */
export function closeCode(ending: Ending): number {
  return CODES[ending];
}

/** How an error that ended an opening is told. */
export function endingOf(code: ErrorCode): Ending {
  switch (code) {
    case 'unauthorized':
    case 'forbidden':
    case 'malformed':
    case 'too-large':
    case 'too-many':
    case 'storage-unavailable':
    case 'draining':
    case 'deleted':
    case 'corrupt':
      return code;
    case 'bad-name':
      return 'malformed';
    case 'bad-setting':
    case 'not-found':
    case 'read-only':
    case 'stale':
    case 'internal':
      return 'internal';
  }
}
