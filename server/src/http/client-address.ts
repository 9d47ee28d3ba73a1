import type { IncomingMessage } from 'node:http';

/**
 * Whose request it is: the peer of the socket, or, while that is a trusted proxy, who it says it forwards for
 * (`X-Forwarded-For`, read from its end, which is the nearest proxy's).
 */
export function clientAddress(request: IncomingMessage, trusted: (address: string) => boolean): string {
  let address = plain(request.socket.remoteAddress ?? '');
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  while (trusted(address)) {
    const next = hops.pop()?.trim();
    if (next === undefined || next === '') break;
    address = plain(next);
  }
  return address;
}

/** IPv4 as such, also where a socket of both families writes it as IPv6. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
