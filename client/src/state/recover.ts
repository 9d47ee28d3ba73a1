import { CONTENT_FIELD } from '@sheaf/schema';
import * as Y from 'yjs';
import { plainText } from '../editor/plain-text.ts';

/** What a document's words can be taken away as: `text` to read them, `update` to bring them back with all that they are. */
export type RecoveryKind = 'text' | 'update';

/** A file that a person takes away. */
export interface RecoveryFile {
  readonly name: string;
  readonly content: Blob;
}

/** The longest file name without its ending, in UTF-16 units: file systems take 255 bytes. */
const NAME_LENGTH = 80;

/** All of `doc` as a file: plain text in UTF-8, or a Yjs update (version 1). */
export function recoveryFile(doc: Y.Doc, title: string, kind: RecoveryKind): RecoveryFile {
  const name = fileName(title);
  if (kind === 'text') {
    const text = plainText(doc.getText(CONTENT_FIELD));
    return { name: `${name}.txt`, content: new Blob([text], { type: 'text/plain;charset=utf-8' }) };
  }
  const bytes = new Uint8Array(Y.encodeStateAsUpdate(doc));
  return { name: `${name}.yjs`, content: new Blob([bytes], { type: 'application/octet-stream' }) };
}

/** Gives `file` to the browser as a download. */
export function download({ name, content }: RecoveryFile): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** A title as a file can be called. */
export function fileName(title: string): string {
  const clean = title
    .toWellFormed()
    .replace(/[\p{C}\\/:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+/, '')
    .slice(0, NAME_LENGTH)
    .toWellFormed()
    .replace(/[ .]+$/, '');
  return clean === '' ? 'Untitled' : clean;
}
