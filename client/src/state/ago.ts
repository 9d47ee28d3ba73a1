const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago `then` was, in the words of `locale`: "3 minutes ago", "yesterday". The future is now. */
export function ago(then: Date, now: Date, locale?: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const passed = Math.max(0, now.getTime() - then.getTime());
  for (const [unit, length] of STEPS)
    if (passed >= length) return words.format(-Math.floor(passed / length), unit);
  return words.format(0, 'second');
}
