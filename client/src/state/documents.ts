import { Code, ConnectError, createClient } from '@connectrpc/connect';
import type { CallOptions, Client, Transport } from '@connectrpc/connect';
import { DocumentService } from '@sheaf/proto';
import type { Document } from '@sheaf/proto';
import type { TokenAnswer, TokenSource } from '../sync/tokens.ts';

/** Documents of one page of the list. */
const PAGE_SIZE = 50;

const NO_ACCESS = 'You have no access here. Ask whoever runs this server.';

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

/** Why the catalogue did not do what was asked. The message is for a person. */
export class DocumentsError extends Error {
  /** Whether this person may not, as opposed to: not now. */
  readonly denied: boolean;
  /** Where to sign in, if that is what is missing. */
  readonly login: string | null;

  constructor(message: string, options: { denied?: boolean; login?: string | null; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.denied = options.denied ?? false;
    this.login = options.login ?? null;
  }

  /** What a call has thrown, for a person. */
  static from(thrown: unknown): DocumentsError {
    if (thrown instanceof DocumentsError) return thrown;
    const error = ConnectError.from(thrown);
    const denied = error.code === Code.PermissionDenied || error.code === Code.Unauthenticated;
    return new DocumentsError(explain(error), { denied, cause: thrown });
  }
}

/** The server's catalogue of documents, as the pages need it. Its methods throw {@link DocumentsError}. */
export class Documents {
  readonly #client: Client<typeof DocumentService>;
  readonly #tokens: TokenSource;

  constructor(transport: Transport, tokens: TokenSource) {
    this.#client = createClient(DocumentService, transport);
    this.#tokens = tokens;
  }

  /** A page of what this person may see; `after` is `next` of the page before, '' for the first. */
  async list(after: string, signal: AbortSignal): Promise<DocumentsPage> {
    const request = { pageSize: PAGE_SIZE, pageToken: after };
    const page = await this.#call(null, (options) =>
      this.#client.listDocuments(request, { ...options, signal }),
    );
    return { documents: page.documents.map(summary), next: page.nextPageToken };
  }

  /** Makes a document under a name that the server draws, and returns that name. */
  async create(): Promise<string> {
    const { document } = await this.#call(null, (options) => this.#client.createDocument({}, options));
    if (!document)
      throw DocumentsError.from(new ConnectError('The answer names no document.', Code.Internal));
    return document.name;
  }

  /** Makes the document `name` where there is none. Who may only read can ask too, of one that exists. */
  async ensure(name: string): Promise<void> {
    const isThere = await this.#call(name, (options) =>
      this.#client.getDocument({ name }, options).then(
        () => true,
        (thrown: unknown) => {
          if (ConnectError.from(thrown).code === Code.NotFound) return false;
          throw thrown;
        },
      ),
    );
    if (!isThere) await this.#call(name, (options) => this.#client.createDocument({ name }, options));
  }

  /** Calls with the token for `document` (null: for the list); once more with another one where it was not taken. */
  async #call<T>(document: string | null, ask: (options: CallOptions) => Promise<T>): Promise<T> {
    try {
      return await ask(optionsOf(await this.#tokens.get(document)));
    } catch (thrown) {
      if (thrown instanceof DocumentsError || ConnectError.from(thrown).code !== Code.Unauthenticated)
        throw DocumentsError.from(thrown);
      const renewed = await this.#tokens.renew(document);
      if (renewed.type === 'none') throw DocumentsError.from(thrown);
      return ask(optionsOf(renewed)).catch((again: unknown) => {
        throw DocumentsError.from(again);
      });
    }
  }
}

/** How a call shows who asks. Throws {@link DocumentsError} where this person is given no token. */
function optionsOf(answer: TokenAnswer): CallOptions {
  switch (answer.type) {
    case 'token':
      return { headers: { authorization: `Bearer ${answer.token}` } };
    case 'none':
      return {};
    case 'refused':
      throw new DocumentsError(answer.login === null ? NO_ACCESS : 'You are not signed in.', {
        denied: true,
        login: answer.login,
      });
    case 'failed':
      throw new DocumentsError('Whoever lets people in here does not answer. Try again in a minute.');
  }
}

function summary(document: Document): DocumentSummary {
  const { name, title, updateTime } = document;
  return { name, title, changed: new Date(Number(updateTime?.seconds ?? 0n) * 1_000) };
}

function explain(error: ConnectError): string {
  switch (error.code) {
    case Code.Unavailable:
      return 'The server can’t take this at the moment. Try again in a minute.';
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return NO_ACCESS;
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
