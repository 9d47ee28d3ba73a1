import { writeHtmlPage } from '@sheaf/schema/write-html';
import { writeMarkdown } from '@sheaf/schema/write-markdown';
import * as Y from 'yjs';
import type { DownloadedFile } from '../editor/download.ts';
import { readDocument } from '../editor/read-document.ts';

/** What a document's words can be recovered as: `text` (Markdown) to read them, `update` to bring them back with all that they are. */
export type RecoveryKind = 'text' | 'update';

/** What a document can be downloaded as. */
export type FileKind = RecoveryKind | 'html';

/** The longest file name without its ending, in UTF-16 units: file systems take 255 bytes. */
const NAME_LENGTH = 80;

/** All of `doc` as a file, named by its title: Markdown or an HTML page, both in UTF-8 (SPEC MD-1, MD-6), or a Yjs update (version 1). */
export async function documentFile(doc: Y.Doc, title: string, kind: FileKind): Promise<DownloadedFile> {
  if (kind !== 'html') return recoveryFile(doc, title, kind);
  // Without a network what draws formulas may not be there: then they stay their source.
  const drawing = await import('../editor/math/mathml.ts').catch(() => null);
  const page = writeHtmlPage(readDocument(doc), title, drawing?.drawMathMl);
  return file(`${fileName(title)}.html`, page, 'text/html;charset=utf-8');
}

/** The words of `doc`, or all of it, as a file. */
export function recoveryFile(doc: Y.Doc, title: string, kind: RecoveryKind): DownloadedFile {
  const name = fileName(title);
  switch (kind) {
    case 'text':
      return file(`${name}.md`, markdownOf(doc), 'text/markdown;charset=utf-8');
    case 'update':
      return file(`${name}.yjs`, new Uint8Array(Y.encodeStateAsUpdate(doc)), 'application/octet-stream');
  }
}

/** What `doc` shows, as Markdown. */
export function markdownOf(doc: Y.Doc): string {
  return writeMarkdown(readDocument(doc));
}

function file(name: string, content: BlobPart, type: string): DownloadedFile {
  return { name, content: new Blob([content], { type }) };
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
