import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { DocumentSchema, type Document, type DocumentService } from '@sheaf/proto';
import { randomBytes } from 'node:crypto';
import type { Access, Role } from '../access/access.ts';
import { SheafError } from '../error.ts';
import { parseDocumentName, type DocumentName } from '../store/document-name.ts';
import type { CatalogueEntry } from '../store/store.ts';
import type { DocumentsApi } from './documents-api.ts';
import { bearerToken } from './bearer-token.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';

/** Entries of a page: when none are asked for, and at most. */
const PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;

/** Random bytes of a name that the server draws: nobody guesses it, and none is drawn twice. */
const NAME_BYTES = 12;

/** The service of proto/sheaf/documents/v1, over what the engine offers. */
export function documentService(
  documents: DocumentsApi,
  access: Access,
): ServiceImpl<typeof DocumentService> {
  return {
    async listDocuments(request, context) {
      await allow(access, context, { document: null, role: 'read' });
      const limit = pageSize(request.pageSize);
      const after = request.pageToken === '' ? undefined : decodePageToken(request.pageToken);
      // One more than asked for tells whether a page follows.
      const entries = await documents.list({ limit: limit + 1, after });
      const page = entries.slice(0, limit);
      const last = entries.length > limit ? page.at(-1) : undefined;
      return { documents: page.map(describe), nextPageToken: last ? encodePageToken(last) : '' };
    },

    async getDocument(request, context) {
      const document = parseDocumentName(request.name);
      await allow(access, context, { document, role: 'read' });
      return { document: describe(await existing(documents, document)) };
    },

    async createDocument(request, context) {
      const named = request.name !== '';
      const document = parseDocumentName(
        named ? request.name : randomBytes(NAME_BYTES).toString('base64url'),
      );
      await allow(access, context, { document: named ? document : null, role: 'write' });
      const created = await documents.create(document);
      return { document: describe(await existing(documents, document)), created };
    },

    async deleteDocument(request, context) {
      const document = parseDocumentName(request.name);
      await allow(access, context, { document, role: 'write' });
      await existing(documents, document);
      await documents.delete(document);
      return {};
    },
  };
}

async function allow(
  access: Access,
  context: HandlerContext,
  wanted: { document: DocumentName | null; role: Role },
): Promise<void> {
  const grant = await access.authorize({ token: bearerToken(context), document: wanted.document });
  if (wanted.role === 'write' && grant.role !== 'write')
    throw new SheafError('forbidden', 'The token allows reading only.');
}

async function existing(documents: DocumentsApi, document: DocumentName): Promise<CatalogueEntry> {
  const entry = await documents.get(document);
  if (!entry) throw new SheafError('not-found', 'There is no document of that name.');
  return entry;
}

function pageSize(asked: number): number {
  if (asked < 0 || asked > MAX_PAGE_SIZE)
    throw new SheafError('malformed', `A page has 1 to ${MAX_PAGE_SIZE} documents.`);
  return asked === 0 ? PAGE_SIZE : asked;
}

function describe(entry: CatalogueEntry): Document {
  return create(DocumentSchema, {
    name: entry.document,
    title: entry.title,
    createTime: timestampFromMs(entry.created),
    updateTime: timestampFromMs(entry.updated),
  });
}
