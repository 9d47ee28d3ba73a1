import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ReplicationService } from '@sheaf/proto/replication';
import { isIP } from 'node:net';
import type { Limits } from '../limits.ts';
import { type Certificate, peerCertificate } from './certificate.ts';
import { Http2Session } from './http2-session.ts';

/** Certificate and key of a node, and the authority that signed those of all: PEM. */
export interface ClusterTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Where a node is called. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
  /** The name that its certificate must bear; `host` unless told. */
  readonly serverName?: string;
}

/** How nodes are called. */
export interface Calling {
  readonly tls: ClusterTls | null;
  readonly limits: Limits;
}

/** A way to call one node: one HTTP/2 session of its own. */
export interface Remote {
  readonly client: Client<typeof ReplicationService>;
  /** What the other end has proved to be; null without TLS, or while there is no session. */
  certificate(): Certificate | null;
  /** Cuts everything that is under way. */
  close(): void;
}

/** `host:port`, with the brackets that IPv6 needs. */
export function formatAddress({ host, port }: NodeAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A session to an address, opened at its first call. */
export function openRemote(address: NodeAddress, { tls, limits }: Calling): Remote {
  const origin = `${tls === null ? 'http' : 'https'}://${formatAddress(address)}`;
  const name = address.serverName ?? address.host;
  // TLS names hosts, not addresses: those are checked as they were dialled.
  const naming = isIP(name) === 0 ? { servername: name } : {};
  // The certificate is checked against the authority and that name, which is Node's own rule.
  const options = tls === null ? {} : { ...tls, ...naming, minVersion: 'TLSv1.3' as const };
  const sessionManager = new Http2Session(origin, limits.peerAnswerMs, options);
  const transport = createGrpcTransport({
    baseUrl: origin,
    sessionManager,
    acceptCompression: [],
    readMaxBytes: limits.peerMessageBytes,
    writeMaxBytes: limits.peerMessageBytes,
  });
  return {
    client: createClient(ReplicationService, transport),
    certificate: () => peerCertificate(sessionManager.socket),
    close: () => sessionManager.close(),
  };
}
