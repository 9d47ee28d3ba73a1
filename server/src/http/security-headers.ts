import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * What browsers are told. Scripts, styles and fonts come from this server alone; `style` attributes are allowed
 * because the editor sets them on what it draws; `'self'` covers WebSockets of the same host (CSP level 3).
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
        connectSrc: ["'self'", ...(tokens === null ? [] : [tokens.origin])],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: options.overTls ? { maxAge: 31_536_000 } : false,
  };
}
