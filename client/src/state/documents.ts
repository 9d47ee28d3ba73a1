import { Code, ConnectError, createClient } from '@connectrpc/connect';
import type { Client, Transport } from '@connectrpc/connect';
import { DocumentService } from '@sheaf/proto';
import type { Document } from '@sheaf/proto';

/** Documents of one page of the list. */
const PAGE_SIZE = 50;

/** A document as the list shows it. */
export interface DocumentSummary {
  readonly name: string;
  /** '' while the document has none. */
  readonly title: string;
  readonly changed: Date;
}

/** One page of the list, the latest change first. */
export interface DocumentsPage {
  readonly documents: readonly DocumentSummary[];
  /** Asks for the next page; '' on the last. */
  readonly next: string;
}

/**
 * The server's catalogue of documents, as the pages need it. Its methods throw an Error whose message is for a
 * person.
 */
export class Documents {
  readonly #client: Client<typeof DocumentService>;

  constructor(transport: Transport) {
    this.#client = createClient(DocumentService, transport);
  }

  /** A page of what this person may see; `after` is `next` of the page before, '' for the first. */
  async list(after: string, signal: AbortSignal): Promise<DocumentsPage> {
    try {
      const page = await this.#client.listDocuments({ pageSize: PAGE_SIZE, pageToken: after }, { signal });
      return { documents: page.documents.map(summary), next: page.nextPageToken };
    } catch (error) {
      throw new Error(explain(error), { cause: error });
    }
  }

  /** Makes a document, or does nothing where `name` exists. '' lets the server draw one. Returns the name. */
  async create(name: string): Promise<string> {
    try {
      const { document } = await this.#client.createDocument({ name });
      return document?.name ?? name;
    } catch (error) {
      throw new Error(explain(error), { cause: error });
    }
  }
}

function summary(document: Document): DocumentSummary {
  const { name, title, updateTime } = document;
  return { name, title, changed: new Date(Number(updateTime?.seconds ?? 0n) * 1_000) };
}

function explain(thrown: unknown): string {
  const error = ConnectError.from(thrown);
  switch (error.code) {
    case Code.Unavailable:
      return 'The server can’t take this at the moment. Try again in a minute.';
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return 'You have no access here. Ask whoever runs this server.';
    case Code.FailedPrecondition:
      return 'This document was deleted, and its name can’t be used again yet.';
    case Code.InvalidArgument:
      return 'A document can’t have this name.';
    case Code.Unknown:
    case Code.Internal:
      return 'The server could not be reached, or it answered with something else. Check the connection and try again.';
    default:
      return `The server refused: ${error.rawMessage}`;
  }
}
