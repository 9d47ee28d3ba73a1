import { referredUpload } from '@sheaf/proto/upload-address';
import type { UploadHash } from '@sheaf/proto/upload-address';
import type { Slice } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import type { Uploads } from '../../sync/uploads/uploads.ts';
import type { Words } from '../../words/en.ts';
import type { FlowBinding } from '../binding/flow-binding.ts';
import { pickFiles } from '../pick-files.ts';

/** Gives the uploads of the document, which are loaded when they are first needed. */
export interface MediaUploads {
  load(): Promise<Uploads>;
}

/** What images and files on a page work with. */
export interface MediaFilesOptions {
  readonly uploads: MediaUploads;
  readonly words: Words['media'] & { readonly again: string };
  /** null before the editor is bound. */
  readonly binding: () => FlowBinding | null;
  /** What comes next is an undo step of its own. */
  readonly separate: () => void;
  /** What was pasted on this page. Nothing else is taken from other documents: a peer could write any hash. */
  readonly pasted: Set<UploadHash>;
  /** Tells at once what a person must know. */
  readonly onsay: (text: string) => void;
}

/** Puts files into the document. What does the work is loaded with the first one. */
export class MediaFiles {
  readonly options: MediaFilesOptions;

  constructor(options: MediaFilesOptions) {
    this.options = options;
  }

  /** Gets what the first file will need, while there is a network: some pages have no service worker to keep it. */
  prepare(): void {
    const { uploads, words } = this.options;
    Promise.all([
      import('./insert-files.ts'),
      import('./fill-media.ts'),
      words.shown(),
      uploads.load(),
    ]).catch(() => {
      // Asked for again, and missed aloud, with the first file.
    });
  }

  /** Remembers what somebody pastes here: it may come from another document, and is put into this one. */
  note(slice: Slice): void {
    slice.content.descendants(({ attrs }) => {
      const hash = referredUpload(attrs['src']);
      if (hash !== null) this.options.pasted.add(hash);
    });
  }

  /** Lets the person choose files and puts them where the caret is. */
  pick(view: EditorView, kind: 'image' | 'file'): void {
    // Others would come as files.
    const accept = kind === 'image' ? 'image/png,image/jpeg,image/gif,image/webp,image/avif' : undefined;
    pickFiles({ accept, multiple: true }, (files) => this.put(view, files, view.state.selection.to));
  }

  /** Puts files at a position, wherever that is by the time they have been read. */
  put(view: EditorView, files: readonly File[], at: number): void {
    const anchor = this.options.binding()?.anchor({ anchor: at, head: at }).anchor;
    import('./insert-files.ts')
      .then(({ insertFiles }) => insertFiles(view, files, { ...this.options, anchor }))
      .catch((error: unknown) => {
        reportError(error);
        this.options.onsay(this.options.words.notAdded);
      });
  }
}
