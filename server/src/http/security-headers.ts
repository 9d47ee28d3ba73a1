import type { FastifyHelmetOptions } from '@fastify/helmet';
import { EMBED_ORIGINS } from '@sheaf/schema/embed-sites';

/** The policies that the page makes (client/src/editor/html/trusted-types.ts), and Svelte's for its own templates. */
const POLICIES = ['default', 'sheaf-inert', 'svelte-trusted-html'];

/**
 * The policy of the document that draws diagrams (SPEC DIAGRAM-2): a sandbox without an origin, from which nothing is
 * fetched. Which scripts may run in it its own policy says, by their hashes.
 */
export const DIAGRAM_POLICY =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'self'";

/**
 * What browsers are told (SPEC CSP). Scripts, styles and fonts come from this server alone, and none stands in the page, so
 * none needs a nonce; `style` attributes are allowed because the editor sets them on what it draws; `'self'` covers
 * WebSockets of the same host (CSP level 3). Strings become HTML or the address of a script by a named policy alone (Trusted Types).
 * `overTls`: people reach the server over https, and must not fall back to http. `tokenUrl`: where pages get tokens, the
 * one foreign place that they may ask.
 */
export function securityHeaders(options: {
  readonly overTls: boolean;
  readonly tokenUrl: string | null;
}): FastifyHelmetOptions {
  const tokens = options.tokenUrl === null ? null : URL.parse(options.tokenUrl);
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        // What draws diagrams, and what a person asks to see of a link card (SPEC EMBED-4). No policy names one page of an origin.
        frameSrc: ["'self'", ...EMBED_ORIGINS],
        connectSrc: ["'self'", ...(tokens === null ? [] : [tokens.origin])],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: POLICIES,
      },
    },
    strictTransportSecurity: options.overTls ? { maxAge: 31_536_000 } : false,
  };
}
