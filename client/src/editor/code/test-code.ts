import { BLOCK_END, CONTENT_FIELD } from '@sheaf/schema';
import * as Y from 'yjs';
import { TestPage } from '../binding/test-page.ts';

/** Pages with these ids that show a title, code in a language, and a paragraph. */
export function pagesWithCode(source: string, language: string, ...ids: number[]): TestPage[] {
  const start = new Y.Doc();
  start.clientID = 1;
  const flow = start.getText(CONTENT_FIELD);
  for (const [text, attributes] of [
    ['Title', {}],
    [source, { kind: 'code', language }],
    ['last', {}],
  ] as const) {
    const block = new Y.XmlElement<Record<string, string>>('block');
    for (const [name, value] of Object.entries(attributes)) block.setAttribute(name, value);
    flow.insertEmbed(flow.length, block);
    flow.insert(flow.length, text + BLOCK_END);
  }
  return ids.map((id) => new TestPage(id, Y.encodeStateAsUpdate(start)));
}
