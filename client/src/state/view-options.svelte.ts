/** What a person may set about how documents are shown and written. */
export type ViewOption = 'focusMode' | 'fullWidth' | 'typography';

const KEY = 'sheaf.view';
const DEFAULTS: Readonly<Record<ViewOption, boolean>> = {
  focusMode: false,
  fullWidth: false,
  typography: true,
};

/** How this person wants to see documents; kept in this browser, but for the focus mode, which ends with the page. */
export class ViewOptions {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  #options = $state.raw(DEFAULTS);

  /** `storage` is null where the browser keeps nothing; the options then last as long as the page. */
  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
    this.#storage = storage;
    this.#options = { ...DEFAULTS, ...readStored(storage) };
  }

  isOn(option: ViewOption): boolean {
    return this.#options[option];
  }

  toggle(option: ViewOption): void {
    this.#options = { ...this.#options, [option]: !this.#options[option] };
    const { fullWidth, typography } = this.#options;
    try {
      this.#storage?.setItem(KEY, JSON.stringify({ fullWidth, typography }));
    } catch {
      // A full or forbidden storage costs the choice at the next visit, nothing else.
    }
  }
}

function readStored(storage: Pick<Storage, 'getItem'> | null): Partial<Record<ViewOption, boolean>> {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return {};
    const options = Object.entries(stored).filter(
      ([name, on]) => (name === 'fullWidth' || name === 'typography') && typeof on === 'boolean',
    );
    return Object.fromEntries(options);
  } catch {
    // Not ours, or broken: the defaults are no loss.
    return {};
  }
}
