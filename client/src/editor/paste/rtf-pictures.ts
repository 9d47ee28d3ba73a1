/** Longer RTF is not looked through, UTF-16 units. */
const RTF_LENGTH = 128 * 1024 * 1024;

/** A picture as RTF holds it. */
export interface RtfPicture {
  readonly type: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The pictures of RTF in their order; null for those of a kind that no browser shows. Word writes each once more for older
 * programs, in a group `nonshppict`, which is left out.
 */
export function picturesOfRtf(rtf: string): (RtfPicture | null)[] {
  const found: (RtfPicture | null)[] = [];
  if (rtf.length > RTF_LENGTH) return found;
  const begin = /(?<!\\)\{\s*\\pict\b/g;
  for (let match = begin.exec(rtf); match; match = begin.exec(rtf)) {
    const end = groupEnd(rtf, match.index);
    const before = rtf.slice(Math.max(0, match.index - 40), match.index);
    if (!/\{\s*\\nonshppict\s*$/.test(before)) found.push(pictureOf(rtf.slice(match.index + 1, end)));
    begin.lastIndex = end;
  }
  return found;
}

/** Where the group that begins at `from` ends. */
function groupEnd(rtf: string, from: number): number {
  let depth = 0;
  const sign = /\\[{}\\]|[{}]/g;
  sign.lastIndex = from;
  for (let match = sign.exec(rtf); match; match = sign.exec(rtf)) {
    if (match[0] === '{') depth += 1;
    else if (match[0] === '}') depth -= 1;
    if (depth === 0) return match.index;
  }
  return rtf.length;
}

function pictureOf(group: string): RtfPicture | null {
  const kind = /\\(png|jpeg)blip\b/.exec(group)?.[1];
  if (kind === undefined) return null;
  const hex = withoutGroups(group)
    .replace(/\\[a-z]+-?\d* ?/gi, '')
    .replace(/[^\da-f]/gi, '');
  const bytes = new Uint8Array(hex.length >> 1);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes.length > 0 ? { type: kind === 'png' ? 'image/png' : 'image/jpeg', bytes } : null;
}

/** What stands in a group itself. */
function withoutGroups(group: string): string {
  let own = '';
  for (let at = 0; at < group.length;) {
    const next = group.indexOf('{', at);
    if (next < 0) return own + group.slice(at);
    own += group.slice(at, next);
    at = groupEnd(group, next) + 1;
  }
  return own;
}
