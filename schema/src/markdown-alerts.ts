import type { CalloutKind } from './frame.ts';

/** What the kinds of callouts are called in Markdown as GitHub has it. */
export const ALERTS: Readonly<Record<CalloutKind, string>> = {
  note: 'NOTE',
  info: 'IMPORTANT',
  success: 'TIP',
  warning: 'WARNING',
  danger: 'CAUTION',
};

/** The kind of callout that the first line of a quote begins; null if it is a quote. */
export function alertOf(line: string): CalloutKind | null {
  const name = /^\[!([A-Z]+)\]$/.exec(line)?.[1];
  for (const kind of ['note', 'info', 'success', 'warning', 'danger'] as const)
    if (ALERTS[kind] === name) return kind;
  return null;
}
