import type { CalloutKind } from '@sheaf/schema';

/** What callouts and toggles say. */
export const CONTAINER_WORDS: {
  readonly callout: string;
  readonly toggle: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<CalloutKind, string>>;
  readonly hide: string;
  readonly show: string;
} = {
  callout: 'Callout',
  toggle: 'Toggle',
  kind: 'Kind of callout',
  kinds: { note: 'Note', info: 'Important', success: 'Tip', warning: 'Warning', danger: 'Caution' },
  hide: 'Hide what is below',
  show: 'Show what is below',
};
