const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * Whether an address may stand in a document as a link: absolute, and of a scheme that only leads somewhere
 * (http, https, mailto, tel). `javascript:`, `data:`, relative addresses and what cannot be parsed are refused,
 * also when control characters or blanks hide the scheme, because the parser strips them as a browser does.
 */
export function isSafeLink(address: unknown): address is string {
  if (typeof address !== 'string' || address.length > 4096) return false;
  return URL.canParse(address) && SCHEMES.has(new URL(address).protocol);
}

/** Whether an address is a {@link isSafeLink} of the web: of http or https. Images elsewhere and link cards have such. */
export function isWebAddress(value: unknown): value is string {
  return isSafeLink(value) && /^https?:/i.test(value);
}
