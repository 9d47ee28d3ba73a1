/** Longer text is not looked through for signs, UTF-16 units. */
const LOOKED_AT = 100_000;

/** Signs that text has only where somebody means them. */
const SIGNS: readonly RegExp[] = [
  /^(?:```|~~~)[^\n]*\n[^]*?^(?:```|~~~)[ \t]*$/m,
  /^#{1,6} \S/m,
  /^ {0,3}[-*+] \[[ xX]\] \S/m,
  /^> \S/m,
  /\[[^\]\n]{1,500}\]\((?:https?:\/\/|mailto:)[^)\s]{1,2000}\)/,
  /(?:^|[\s(])\*\*[^\s*](?:[^*\n]{0,500}[^\s*])?\*\*(?![\w*])/m,
  /(?:^|[\s(])`[^`\n]{1,500}`(?![\w`])/m,
  /^\|.{1,2000}\|[ \t]*\n\|[ :|-]{1,2000}\|[ \t]*$/m,
];
const BULLET = /^[ \t]*[-*+] \S/;
const NUMBER = /^[ \t]*\d{1,9}[.)] \S/;

/**
 * Whether pasted text is Markdown: it holds a sign that is one nowhere else, or a list. Text that only might be is not
 * taken for it: "3 * 4 * 5", "a_name_b", "1. May".
 */
export function looksLikeMarkdown(text: string): boolean {
  const looked = text.slice(0, LOOKED_AT);
  if (SIGNS.some((sign) => sign.test(looked))) return true;
  const lines = looked.split(/\r?\n/).filter((line) => line.trim() !== '');
  const bullets = lines.filter((line) => BULLET.test(line)).length;
  const numbers = lines.filter((line) => NUMBER.test(line)).length;
  return bullets > 1 || numbers > 1 || (lines.length === 1 && bullets === 1);
}
