/** What a page tells about itself and its network. */
export type Signal =
  /** A network is there, perhaps another one. */
  | 'online'
  | 'visible'
  | 'hidden'
  /** The page goes, and is perhaps kept to come back. */
  | 'leave'
  /** It goes for good. */
  | 'end'
  /** It came back. */
  | 'return';

/** Where a channel hears of a page's life. */
export interface Signals {
  /** Whether nobody sees the page. */
  readonly hidden: boolean;
  /** Calls `heard` at each signal, until `signal` is aborted. */
  listen(heard: (signal: Signal) => void, signal: AbortSignal): void;
}

/** A program without a page: it is there, and seen. */
const NO_SIGNALS: Signals = { hidden: false, listen: () => undefined };

/** The signals of the page that this runs in, if it is one. */
export function browserSignals(): Signals {
  const page: unknown = Reflect.get(globalThis, 'document');
  const window: unknown = Reflect.get(globalThis, 'window');
  if (!isTarget(page) || !isTarget(window)) return NO_SIGNALS;
  const isHidden = () => Reflect.get(page, 'visibilityState') === 'hidden';
  return {
    get hidden() {
      return isHidden();
    },
    listen: (heard, signal) => {
      window.addEventListener('online', () => heard('online'), { signal });
      window.addEventListener('pageshow', (event) => isKept(event) && heard('return'), { signal });
      window.addEventListener('pagehide', (event) => heard(isKept(event) ? 'leave' : 'end'), { signal });
      page.addEventListener('visibilitychange', () => heard(isHidden() ? 'hidden' : 'visible'), { signal });
    },
  };
}

/** Whether a `pagehide` or `pageshow` is about a page that is kept in the browser's memory (HTML, PageTransitionEvent). */
function isKept(event: Event): boolean {
  return Reflect.get(event, 'persisted') === true;
}

function isTarget(value: unknown): value is EventTarget {
  return typeof value === 'object' && value !== null && 'addEventListener' in value;
}
