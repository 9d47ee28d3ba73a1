import { LONGEST_WORDS } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type { MediaPlace } from './media-view.ts';

/** What a line of words is of. */
interface LineOptions {
  /** The attribute that it writes. */
  readonly name: string;
  readonly label: string;
  readonly testid: string;
  /** What is written for what was typed, null for nothing; undefined where it is wrong, and nothing is written. */
  readonly read?: (typed: string) => string | null | undefined;
}

/** A line of words that a block has; what was typed is written when the line is left, or by Enter. */
export class Line {
  readonly dom = document.createElement('input');
  readonly #name: string;
  readonly #read: (typed: string) => string | null | undefined;
  readonly #set: MediaPlace['set'];
  #value = '';

  constructor(
    { set, leave, isEditable }: MediaPlace,
    { name, label, testid, read = (typed) => typed.trim() || null }: LineOptions,
  ) {
    this.#name = name;
    this.#read = read;
    this.#set = set;
    this.dom.addEventListener('focus', () => (this.dom.readOnly = !isEditable()));
    this.dom.className = `media-${name}`;
    this.dom.placeholder = label;
    this.dom.ariaLabel = label;
    this.dom.dir = 'auto';
    this.dom.maxLength = LONGEST_WORDS;
    this.dom.dataset['testid'] = testid;
    this.dom.addEventListener('change', () => this.#write());
    this.dom.addEventListener('keydown', (event) => {
      // Undo in a field is the field's own.
      event.stopPropagation();
      if (event.key === 'Escape') {
        this.dom.value = this.#value;
        leave();
      } else if (event.key === 'Enter' && !event.isComposing) {
        event.preventDefault();
        if (this.#write()) leave();
      }
    });
  }

  update({ attrs }: Node): void {
    const value: unknown = attrs[this.#name];
    const untouched = this.dom.value === this.#value;
    this.#value = typeof value === 'string' ? value : '';
    // What is being typed is not taken away by what somebody else writes; where nothing was typed, Enter must not undo that.
    if (untouched || document.activeElement !== this.dom) this.dom.value = this.#value;
  }

  /** A line without words is there only while it can be written. */
  show(editable: boolean): void {
    this.dom.hidden = !editable && this.#value === '' && document.activeElement !== this.dom;
  }

  /** Whether what was typed could be written. */
  #write(): boolean {
    const written = this.#read(this.dom.value);
    if (written !== undefined) this.#set(this.#name, written);
    return written !== undefined;
  }
}
