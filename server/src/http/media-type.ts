/** What is shown in a page; anything else is a file to be kept, whatever it calls itself. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif';

const ascii = (head: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...head.subarray(from, to));

/**
 * What kind of image these first bytes begin (WHATWG MIME Sniffing, 6.1; AVIF 1.1, section 6); null if it is none of
 * those. SVG is none: it is a program.
 */
export function imageTypeOf(head: Uint8Array): ImageType | null {
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (ascii(head, 0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (/^GIF8[79]a$/.test(ascii(head, 0, 6))) return 'image/gif';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'image/webp';
  if (ascii(head, 4, 8) === 'ftyp' && /^(?:avif|avis)/.test(ascii(head, 8, 12))) return 'image/avif';
  return null;
}
