import { isSafeLink } from '@sheaf/schema';

/** The address that somebody means who types `text`; null if it is none that a document may hold (SPEC FLOW-2). */
export function addressOf(text: string): string | null {
  const typed = text.trim();
  if (typed === '' || /\s/.test(typed)) return null;
  if (isSafeLink(typed)) return typed;
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(typed)) return `mailto:${typed}`;
  // Something with another scheme is not meant as the name of a host.
  const host = /^[a-z][a-z\d+.-]*:(?!\d+(?:[/?#]|$))/i.test(typed) ? null : `https://${typed}`;
  return host !== null && /^https:\/\/[^/?#]*[^/?#.]/.test(host) && isSafeLink(host) ? host : null;
}
