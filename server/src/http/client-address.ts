import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Whose request it is: the peer of the socket, or, while that is a trusted proxy, who it says it forwards for
 * (`X-Forwarded-For`, read from its end, which is the nearest proxy's).
 */
export function clientAddress(request: IncomingMessage, trusted: (address: string) => boolean): string {
  let address = plain(request.socket.remoteAddress ?? '');
  const header = request.headers['x-forwarded-for'];
  if (header === undefined) return address;
  const hops = (Array.isArray(header) ? header.join(',') : header).split(',');
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

/** A test whether an address is one of `networks` (addresses and CIDR, like `10.0.0.0/8`). */
export function networkTest(networks: readonly string[]): (address: string) => boolean {
  const blocks = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) blocks.addAddress(address, family);
    else blocks.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && blocks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}
