import { Uploads } from '../../sync/uploads/uploads.ts';
import { en } from '../../words/en.ts';
import { insertFiles } from '../media/insert-files.ts';
import type { TestEditor } from './test-editor.ts';

/** What decodes a picture in a browser. */
class Picture {
  readonly naturalWidth = 40;
  readonly naturalHeight = 30;
  src = '';

  decode(): Promise<void> {
    return Promise.resolve();
  }
}
Reflect.set(globalThis, 'Image', Picture);

function uploads(): Uploads {
  return new Uploads({
    document: 'test',
    transfer: { send: () => Promise.resolve(), get: () => Promise.reject(new Error('Nothing is there.')) },
    waiting: null,
    recent: { keep: () => undefined, find: () => Promise.resolve(null) },
    mayWrite: () => true,
    onCounts: () => undefined,
    isReferred: () => true,
  });
}

/** Puts in a file that a person has chosen, where the caret was then; while it is read, what others wrote comes. */
export function chooseFile(type: string) {
  return async ({ editor, bound }: TestEditor, arrive: () => void): Promise<void> => {
    const { to } = editor.state.selection;
    const file = new File([type], 'chosen', { type });
    await insertFiles(editor.view, [file], {
      anchor: bound.binding.anchor({ anchor: to, head: to }).anchor,
      uploads: {
        load: () => {
          arrive();
          return Promise.resolve(uploads());
        },
      },
      words: { ...en.media, again: en.tryAgain },
      binding: () => bound.binding,
      separate: () => bound.undo.separate(),
      pasted: new Set(),
      onsay: (text) => {
        throw new Error(text);
      },
    });
  };
}
