import { isDay } from '@sheaf/schema';

/** A day of the calendar in this browser's time zone, `days` from that of `now`, as `YYYY-MM-DD`. */
export function dayOf(now: Date, days = 0): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const part = (number: number, length: number) => String(number).padStart(length, '0');
  return `${part(day.getFullYear(), 4)}-${part(day.getMonth() + 1, 2)}-${part(day.getDate(), 2)}`;
}

/** A day, `YYYY-MM-DD`, as readers of `locale` write it. */
export function dayInWords(date: string, locale: string): string {
  const style = { dateStyle: 'medium', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, style).format(new Date(`${date}T00:00:00Z`));
}

/**
 * The day that somebody typed in numbers, `YYYY-MM-DD` or in the order of `locale`, the year in full or left out; null
 * if it is none.
 */
export function dayTyped(text: string, locale: string, now: Date): string | null {
  const typed = western(text.trim());
  if (isDay(typed)) return typed;
  const parts = /^(\d{1,4})[./-](\d{1,2})(?:[./-](\d{4})?)?$/.exec(typed);
  if (!parts) return null;
  const order = new Intl.DateTimeFormat(locale)
    .formatToParts(now)
    .flatMap(({ type }) => (type === 'day' || type === 'month' ? [type] : []));
  const [first = '', second = '', year = String(now.getFullYear())] = parts.slice(1);
  const [month, day] = order[0] === 'month' ? [first, second] : [second, first];
  const read = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(read) ? read : null;
}

/** Digits of Arabic as those that dates are stored in. */
function western(text: string): string {
  return text.replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
}
