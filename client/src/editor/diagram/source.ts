/** A longer name of a diagram is cut, UTF-16 units. */
const LONGEST_LABEL = 300;

/** What a source has before the diagram: settings and a title, between lines of `---`. */
const FRONT = /^-{3}[^\S\n]*\n([^]*?)\n-{3}[^\S\n]*(?:\n|$)/;

/** What a source calls its diagram, for who does not see it: `accTitle` and `accDescr`, else `title`; null if nothing. */
export function labelOf(source: string): string | null {
  const told = (pattern: RegExp, text = source) => pattern.exec(text)?.[1]?.replaceAll(/\s+/g, ' ').trim();
  const title =
    told(/^[^\S\n]*accTitle[^\S\n]*:([^\n]+)/m) ??
    told(/^title[^\S\n]*:([^\n]+)/m, FRONT.exec(source)?.[1] ?? '') ??
    told(/^[^\S\n]*(?:\w+[^\S\n]+)?title[^\S\n:]([^\n]+)/m);
  const more = told(/^[^\S\n]*accDescr[^\S\n]*:([^\n]+)/m) ?? told(/^[^\S\n]*accDescr[^\S\n]*\{([^}]+)\}/m);
  const words = [title, more].filter((one) => one !== undefined && one !== '').join('. ');
  return words === '' ? null : words.slice(0, LONGEST_LABEL);
}

/**
 * The line of a source at which Mermaid stopped, counted from 1. Mermaid counts what it reads: without what stands before
 * the diagram, without comments, directives and blank lines at the beginning.
 */
export function lineInSource(source: string, line: number): number {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');
  // Between lines that are left out stands a sign that no line has.
  const marked = source
    .replace(FRONT, (front) => blank(front).replaceAll('\n', '\0\n'))
    .replaceAll(/%%\{[^]*?\}%%/g, (directive) => blank(directive).replaceAll('\n', '\0\n'))
    .replaceAll(/^[^\S\n]*%%(?!\{)[^\n]*$/gm, '\0');
  let begun = false;
  const read = marked.split('\n').flatMap((text, index) => {
    begun ||= /[^\s\0]/.test(text);
    return begun && !text.includes('\0') ? [index + 1] : [];
  });
  return read[line - 1] ?? read.at(-1) ?? 1;
}
