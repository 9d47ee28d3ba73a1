import type { HandlerContext } from '@connectrpc/connect';

/** The token of a request's Authorization header (RFC 6750); '' without one. */
export function bearerToken(context: HandlerContext): string {
  return /^Bearer +(\S+)$/i.exec(context.requestHeader.get('authorization') ?? '')?.[1] ?? '';
}
