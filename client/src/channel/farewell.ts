import { FRAMES_TYPE, MESSAGES_PATH } from '@sheaf/proto/channel/address';
import { addressOf } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { Environment } from './environment.ts';
import type { Row } from './link.ts';

/** What a page that goes may still send, bytes (Fetch, section 4.6). */
export const FAREWELL_BYTES = 64 * 1024 - 1024;

/** Sends `row`, of {@link FAREWELL_BYTES} at most, by a request that outlives its page. */
export function sayFarewell(
  row: Row,
  to: { endpoint: Endpoint; headers: Readonly<Record<string, string>>; environment: Environment },
): void {
  to.environment
    .fetch(addressOf(to.endpoint, MESSAGES_PATH, { from: row.from }), {
      method: 'POST',
      headers: { ...to.headers, 'content-type': FRAMES_TYPE },
      body: row.bytes.slice(),
      keepalive: true,
    })
    // Nobody is left to be told; a page that comes back sends again what is not acknowledged.
    .catch(() => undefined);
}
