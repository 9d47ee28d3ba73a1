import { SheafError } from '../error.ts';
import { parseDocumentName, type DocumentName } from '../store/document-name.ts';

/** Where a page of the list ends: its last entry. */
export interface PagePosition {
  /** ms since 1970. */
  readonly updated: number;
  readonly document: DocumentName;
}

/** A position as a token for callers, who may not look into it. */
export function encodePageToken(position: PagePosition): string {
  return Buffer.from(`${position.updated} ${position.document}`).toString('base64url');
}

/** The position in a token. Throws `malformed`. */
export function decodePageToken(token: string): PagePosition {
  const [, updated, document] = /^(\d{1,16}) (.+)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (updated === undefined || document === undefined)
    throw new SheafError('malformed', 'The page token is not one of this list.');
  return { updated: Number(updated), document: parseDocumentName(document) };
}
