import { Code, ConnectError, createClient } from '@connectrpc/connect';
import type { Client, Transport } from '@connectrpc/connect';
import { DocumentService } from '@sheaf/proto';
import type { Document } from '@sheaf/proto';
import type { Words } from '../words/en.ts';

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

/** Why the catalogue did not do what was asked: as a code, for which the page has words. */
export class DocumentsError extends Error {
  readonly reason: keyof Words['refusals'];

  /** `thrown` is what a call of the service threw. */
  constructor(thrown: unknown) {
    const error = ConnectError.from(thrown);
    super(error.rawMessage, { cause: thrown });
    this.reason = reasonOf(error.code);
  }

  static from(thrown: unknown): DocumentsError {
    return thrown instanceof DocumentsError ? thrown : new DocumentsError(thrown);
  }

  /** Whether this person may not, as opposed to: not now. */
  get denied(): boolean {
    return this.reason === 'denied';
  }
}

/** What a person is told of a refusal. */
export function refusalWords(words: Words['refusals'], { reason, message }: DocumentsError): string {
  return reason === 'other' ? words.other(message) : words[reason];
}

/** The server's catalogue of documents, as the pages need it. Its methods throw {@link DocumentsError}. */
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
      throw new DocumentsError(error);
    }
  }

  /** Makes a document under a name that the server draws, and returns that name. */
  async create(): Promise<string> {
    try {
      const { document } = await this.#client.createDocument({});
      if (!document) throw new ConnectError('The answer names no document.', Code.Internal);
      return document.name;
    } catch (error) {
      throw new DocumentsError(error);
    }
  }

  /** Makes the document `name` where there is none. Who may only read can ask too, of one that exists. */
  async ensure(name: string): Promise<void> {
    try {
      await this.#client.getDocument({ name });
    } catch (error) {
      if (ConnectError.from(error).code !== Code.NotFound) throw new DocumentsError(error);
      await this.#client.createDocument({ name }).catch((thrown: unknown) => {
        throw new DocumentsError(thrown);
      });
    }
  }
}

function summary(document: Document): DocumentSummary {
  const { name, title, updateTime } = document;
  return { name, title, changed: new Date(Number(updateTime?.seconds ?? 0n) * 1_000) };
}

function reasonOf(code: Code): DocumentsError['reason'] {
  switch (code) {
    case Code.Unavailable:
      return 'unavailable';
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return 'denied';
    case Code.FailedPrecondition:
      return 'deleted';
    case Code.InvalidArgument:
      return 'name';
    case Code.Unknown:
    case Code.Internal:
      return 'unreachable';
    default:
      return 'other';
  }
}
