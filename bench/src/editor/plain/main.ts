import { HocuspocusProvider } from '@hocuspocus/provider';
import { Editor } from '@tiptap/core';
import Collaboration from '@tiptap/extension-collaboration';
import * as Y from 'yjs';
import { PLAIN_FIELD, plainNodes } from './nodes.ts';

/*
 * Plain Tiptap, as its documentation puts it together: a stock editor, the stock binding, the stock provider. What Sheaf's
 * page is measured beside. `?document=NAME&server=ws://…`
 */
const parameters = new URLSearchParams(location.search);
const element = document.getElementById('editor');
if (element === null) throw new Error('The page has no place for the editor.');
const doc = new Y.Doc();
const provider = new HocuspocusProvider({
  url: parameters.get('server') ?? '',
  name: parameters.get('document') ?? '',
  document: doc,
});
provider.on('synced', () => {
  // A page that shows the document when it is there, like Sheaf's.
  const editor = new Editor({
    element: null,
    extensions: [...plainNodes(), Collaboration.configure({ document: doc, field: PLAIN_FIELD })],
  });
  editor.mount(element);
});
