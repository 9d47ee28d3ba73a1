import { CONTENT_FIELD, documentOf, documentSchema } from '@sheaf/schema';
import type { Node } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { FlowModel } from './binding/flow-model.ts';

/** What a document shows at this moment, without an editor. It only reads; any flow comes to a document. */
export function readDocument(doc: Y.Doc): Node {
  const schema = documentSchema();
  return documentOf(schema, new FlowModel(doc.getText(CONTENT_FIELD), schema).entries);
}
