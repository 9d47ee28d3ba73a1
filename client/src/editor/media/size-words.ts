const STEP = 1024;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size in bytes as people read it, in the page's language. */
export function sizeWords(bytes: number, locale: string = document.documentElement.lang): string {
  let size = bytes;
  let unit = 0;
  while (size >= STEP && unit < UNITS.length - 1) {
    size /= STEP;
    unit += 1;
  }
  const format = { style: 'unit', unit: UNITS[unit], maximumFractionDigits: size < 10 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale || 'en', format).format(size);
}
