import { FlowBinding } from '@sheaf/client/binding';
import { BLOCK, BLOCK_END, CONTENT_FIELD, documentSchema } from '@sheaf/schema';
import { getSchema } from '@tiptap/core';
import { EditorState } from '@tiptap/pm/state';
import { prosemirrorJSONToYDoc } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { PLAIN_FIELD, plainNodes } from './plain/nodes.ts';
import type { JsonNode } from './sample.ts';

/** A stretch of text that a person types in; offsets are UTF-16 units from its start. */
export interface Stretch {
  readonly length: number;
  insert(offset: number, text: string): void;
  delete(offset: number, length: number): void;
}

/** How an editor stores a document in Yjs. */
export interface Layout {
  /** Whether its schema has a node of this name. */
  knows(type: string): boolean;
  /** A Yjs document with `document` in it. */
  write(document: JsonNode, clientId: number): Y.Doc;
  /** The texts of a document's text blocks, in order, as they are now. */
  stretches(doc: Y.Doc): Stretch[];
}

/** Sheaf's: everything in one text (SPEC FLOW). */
export const flowLayout: Layout = {
  knows: (type) => Object.hasOwn(documentSchema().nodes, type),
  write: (document, clientId) => {
    const doc = new Y.Doc();
    doc.clientID = clientId;
    const schema = documentSchema();
    const binding = new FlowBinding({
      flow: doc.getText(CONTENT_FIELD),
      field: CONTENT_FIELD,
      schema,
      mark: (transaction) => transaction,
      onfail: (error) => {
        throw error;
      },
    });
    let state = EditorState.create({ doc: binding.document });
    const page = {
      get state() {
        return state;
      },
      dispatch: (transaction: Parameters<EditorState['apply']>[0]) => void (state = state.apply(transaction)),
    };
    binding.attach(page);
    const before = state.selection;
    const wanted = schema.nodeFromJSON(document);
    const transaction = state.tr.replaceWith(0, state.doc.content.size, wanted.content);
    state = state.apply(transaction);
    binding.write(transaction.mapping.maps, before);
    binding.destroy();
    return doc;
  },
  stretches: (doc) => {
    const flow = doc.getText(CONTENT_FIELD);
    const found: { item: Y.Item; length: number }[] = [];
    let inBlock = false;
    for (let item = flow._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      const { content } = item;
      if (content instanceof Y.ContentType)
        inBlock = content.type instanceof Y.XmlElement && content.type.nodeName === BLOCK;
      if (content instanceof Y.ContentType && inBlock) found.push({ item, length: 0 });
      const last = found.at(-1);
      if (!inBlock || !last || !(content instanceof Y.ContentString)) continue;
      const end = content.str.indexOf(BLOCK_END);
      last.length += end < 0 ? content.str.length : end;
      inBlock = end < 0;
    }
    return found.map(({ item, length }) => {
      const start = Y.createRelativePositionFromJSON({
        item: { client: item.id.client, clock: item.id.clock },
      });
      const from = (): number => (Y.createAbsolutePositionFromRelativePosition(start, doc)?.index ?? 0) + 1;
      return {
        length,
        insert: (offset, text) => flow.insert(from() + offset, text),
        delete: (offset, count) => flow.delete(from() + offset, count),
      };
    });
  },
};

/** The stock binding's: an element for each node, a text in each text block. */
export const treeLayout: Layout = {
  knows: (type) => Object.hasOwn(getSchema(plainNodes()).nodes, type),
  write: (document, clientId) => {
    const made = prosemirrorJSONToYDoc(getSchema(plainNodes()), document, PLAIN_FIELD);
    // Under an id that is the same in each run.
    const doc = new Y.Doc();
    doc.clientID = clientId;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(made));
    return doc;
  },
  stretches: (doc) => {
    const found: Stretch[] = [];
    const walk = (node: unknown): void => {
      if (node instanceof Y.XmlText)
        found.push({
          length: node.length,
          insert: (offset, text) => node.insert(offset, text),
          delete: (offset, count) => node.delete(offset, count),
        });
      else if (node instanceof Y.XmlElement || node instanceof Y.XmlFragment)
        for (const child of node.toArray()) walk(child);
    };
    walk(doc.getXmlFragment(PLAIN_FIELD));
    return found;
  },
};
