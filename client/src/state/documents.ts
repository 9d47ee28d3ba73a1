import { Code, ConnectError, createClient } from '@connectrpc/connect';
import type { CallOptions, Client, Transport } from '@connectrpc/connect';
import { DocumentService } from '@sheaf/proto';
import type { Document } from '@sheaf/proto';
import type { TokenAnswer, TokenSource } from '../sync/tokens.ts';
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

  /** Where to sign in, if that is what is missing. */
  readonly login: string | null;

  constructor(
    reason: DocumentsError['reason'],
    options: { readonly message?: string; readonly login?: string | null; readonly cause?: unknown } = {},
  ) {
    super(options.message ?? reason, { cause: options.cause });
    this.reason = reason;
    this.login = options.login ?? null;
  }

  /** What a call of the service has thrown. */
  static from(thrown: unknown): DocumentsError {
    if (thrown instanceof DocumentsError) return thrown;
    const { code, rawMessage: message } = ConnectError.from(thrown);
    return new DocumentsError(reasonOf(code), { message, cause: thrown });
  }

  /** Whether this person may not, as opposed to: not now. */
  get denied(): boolean {
    return this.reason === 'denied' || this.reason === 'signed-out';
  }
}

/** What a person is told of a refusal. */
export function refusalWords(words: Words['refusals'], { reason, message }: DocumentsError): string {
  return reason === 'other' ? words.other(message) : words[reason];
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
      throw new DocumentsError(answer.login === null ? 'denied' : 'signed-out', { login: answer.login });
    case 'failed':
      throw new DocumentsError('no-answer');
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
