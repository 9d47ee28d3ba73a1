/** What is looked for. */
export interface Wanted {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  /** Whether `text` is a regular expression. */
  readonly regex: boolean;
  /** What a match becomes, with `$1` and the like where it is a regular expression; null when only looking. */
  readonly replacement: string | null;
}

/** A stretch of one of the texts, in UTF-16 units. */
export interface Match {
  readonly text: number;
  readonly from: number;
  readonly to: number;
  /** What it becomes; '' when only looking. */
  readonly replacement: string;
}

/** More are not shown and not replaced: a page full of marks helps nobody. */
export const MOST_MATCHES = 10_000;

/** The pattern of what is looked for. Throws a SyntaxError where it is no regular expression. */
function patternOf({ text, matchCase, wholeWord, regex }: Wanted): RegExp {
  const source = regex ? text : text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const bounded = wholeWord ? `(?<![\\p{L}\\p{M}\\p{N}_])(?:${source})(?![\\p{L}\\p{M}\\p{N}_])` : source;
  return new RegExp(bounded, `gu${matchCase ? '' : 'i'}m`);
}

/** All matches in `texts`, in order, up to {@link MOST_MATCHES}; empty ones do not count. */
export function search(texts: readonly string[], wanted: Wanted): Match[] {
  if (wanted.text === '') return [];
  const pattern = patternOf(wanted);
  const found: Match[] = [];
  for (const [text, words] of texts.entries())
    for (const match of words.matchAll(pattern)) {
      if (match[0] === '') continue;
      const [from, to] = [match.index, match.index + match[0].length];
      found.push({ text, from, to, replacement: replacementOf(match, wanted) });
      if (found.length === MOST_MATCHES) return found;
    }
  return found;
}

/** What a match becomes: `$1`, `$<name>` and `$&` stand for parts of it, `$$` for a dollar sign. */
function replacementOf(match: RegExpExecArray, { regex, replacement }: Wanted): string {
  if (replacement === null) return '';
  if (!regex) return replacement;
  return replacement.replaceAll(
    /\$(?:(?<sign>[$&])|(?<digits>\d{1,2})|<(?<name>[^>]*)>)/g,
    (all: string, ...parts) => {
      const { sign, digits, name } = parts[parts.length - 1] as Record<string, string | undefined>;
      if (sign === '$') return '$';
      if (sign === '&') return match[0];
      if (digits !== undefined) return Number(digits) < match.length ? (match[Number(digits)] ?? '') : all;
      return match.groups && name !== undefined ? (match.groups[name] ?? '') : all;
    },
  );
}
