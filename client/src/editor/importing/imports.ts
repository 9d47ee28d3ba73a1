import type { EditorView } from '@tiptap/pm/view';
import type { Words } from '../../words/en.ts';
import type { FlowBinding } from '../binding/flow-binding.ts';
import { pickFiles } from '../pick-files.ts';

/** The endings of files that can be imported. */
export const IMPORTED = ['.md', '.markdown', '.html', '.htm'] as const;

/** What imports on a page work with. */
export interface ImportOptions {
  readonly words: Words['importing'];
  /** Whose way of writing numbers is the reader's. */
  readonly locale: string;
  /** null before the editor is bound. */
  readonly binding: () => FlowBinding | null;
  /** Tells at once what a person must know. */
  readonly onsay: (text: string) => void;
}

/** Puts what Markdown and HTML files hold into the document (SPEC IMPORT). What reads them is loaded with the first one. */
export class Imports {
  readonly #options: ImportOptions;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  /** Lets the person choose a file, and puts what it holds where the caret is by then. */
  pick(view: EditorView): void {
    pickFiles({ accept: IMPORTED.join(','), multiple: false }, ([file]) => file && this.#put(view, file));
  }

  #put(view: EditorView, file: File): void {
    const { to } = view.state.selection;
    const anchor = this.#options.binding()?.anchor({ anchor: to, head: to }).anchor;
    import('./import-file.ts')
      .then(({ importFile }) => importFile(view, file, { ...this.#options, anchor }))
      .catch((error: unknown) => {
        reportError(error);
        this.#options.onsay(this.#options.words.failed);
      });
  }
}
