import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { SheafError } from '../error.ts';
import { parseNodeId } from './identity.ts';
import type { NodeId } from './message.ts';

/** What TLS knows of who is at the other end. */
export type Certificate = Pick<X509Certificate, 'checkHost'>;

/** What the other end of a socket has proved to be; null without TLS. */
export function peerCertificate(socket: Socket | undefined): Certificate | null {
  if (socket === undefined) return null;
  // HTTP/2's sockets are proxies of the real ones: neither `instanceof` nor `in` knows them.
  const ask: unknown = Reflect.get(socket, 'getPeerX509Certificate');
  if (typeof ask !== 'function') return null;
  const certificate: unknown = ask.call(socket);
  return certificate instanceof X509Certificate ? certificate : NOBODY;
}

/** Somebody on TLS who has shown nothing is named nothing. */
const NOBODY: Certificate = { checkHost: () => undefined };

/**
 * Whether a certificate names a node (SPEC REPL-12): as a DNS name among its alternative names, or as its common name,
 * exactly. So who has stolen one node's key speaks as that node alone.
 */
export function isNamed(certificate: Certificate, node: NodeId): boolean {
  return certificate.checkHost(node, { subject: 'always', wildcards: false }) !== undefined;
}

/**
 * The node whose certificate (PEM) this is: `named`, which it must name, or else its common name. Throws `bad-setting`.
 */
export function nodeOfCertificate(pem: string, named: NodeId | null): NodeId {
  const certificate = readCertificate(pem);
  if (named !== null) {
    if (isNamed(certificate, named)) return named;
    throw new SheafError(
      'bad-setting',
      `SHEAF_CLUSTER_CERT: does not name ${named}, as which this node would be refused (SHEAF_NODE).`,
    );
  }
  const { CN } = certificate.toLegacyObject().subject;
  try {
    return parseNodeId(typeof CN === 'string' ? CN : '');
  } catch (thrown) {
    throw new SheafError(
      'bad-setting',
      'SHEAF_CLUSTER_CERT: its common name is no name of a node (1 to 64 letters, digits, dots, - and _), and SHEAF_NODE gives none.',
      { cause: thrown },
    );
  }
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (thrown) {
    throw new SheafError('bad-setting', 'SHEAF_CLUSTER_CERT: is no certificate in PEM.', { cause: thrown });
  }
}
