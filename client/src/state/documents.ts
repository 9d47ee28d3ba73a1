import { fieldOf } from '../sync/json-object.ts';
import type { TokenAnswer, TokenSource } from '../sync/tokens.ts';
import type { Words } from '../words/en.ts';
import { CallError, callService, textOf } from './call-service.ts';
import type { ServiceCall } from './call-service.ts';

/** Documents of one page of the list. */
const PAGE_SIZE = 50;
/** The service's path; proto/sheaf/documents/v1/documents.proto says what its methods promise. */
const SERVICE = '/sheaf.documents.v1.DocumentService';

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
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    // Where there was no answer at all, `fetch` throws.
    const reason = thrown instanceof CallError ? reasonOf(thrown.code) : 'unreachable';
    return new DocumentsError(reason, { message, cause: thrown });
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

/** Where the catalogue is and how it is asked. */
interface Catalogue {
  readonly fetch: ServiceCall['fetch'];
  /** The server's origin. */
  readonly base: string;
  readonly tokens: TokenSource;
}

/** The server's catalogue of documents, as the pages need it. Its methods throw {@link DocumentsError}. */
export class Documents {
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** A page of what this person may see; `after` is `next` of the page before, '' for the first. */
  async list(after: string, signal: AbortSignal): Promise<DocumentsPage> {
    const body = { pageSize: PAGE_SIZE, pageToken: after };
    const page = await this.#call(null, (token) => this.#ask('ListDocuments', { body, token, signal }));
    const documents = fieldOf(page, 'documents');
    return {
      documents: Array.isArray(documents) ? documents.map(summary) : [],
      next: textOf(page, 'nextPageToken'),
    };
  }

  /** Makes a document under a name that the server draws, and returns that name. */
  async create(): Promise<string> {
    const made = await this.#call(null, (token) => this.#ask('CreateDocument', { body: {}, token }));
    const name = textOf(fieldOf(made, 'document'), 'name');
    if (name === '') throw DocumentsError.from(new CallError('internal', 'The answer names no document.'));
    return name;
  }

  /** Makes the document `name` where there is none. Who may only read can ask too, of one that exists. */
  async ensure(name: string): Promise<void> {
    const body = { name };
    const isThere = await this.#call(name, (token) =>
      this.#ask('GetDocument', { body, token }).then(
        () => true,
        (thrown: unknown) => {
          if (isCode(thrown, 'not_found')) return false;
          throw thrown;
        },
      ),
    );
    if (!isThere) await this.#call(name, (token) => this.#ask('CreateDocument', { body, token }));
  }

  #ask(method: string, call: Pick<ServiceCall, 'body' | 'token' | 'signal'>): Promise<unknown> {
    const { fetch, base } = this.#catalogue;
    return callService({ ...call, fetch, url: `${base}${SERVICE}/${method}` });
  }

  /** Calls with the token for `document` (null: for the list); once more with another one where it was not taken. */
  async #call<T>(document: string | null, ask: (token: string | null) => Promise<T>): Promise<T> {
    const { tokens } = this.#catalogue;
    try {
      return await ask(tokenOf(await tokens.get(document)));
    } catch (thrown) {
      if (!isCode(thrown, 'unauthenticated')) throw DocumentsError.from(thrown);
      const renewed = await tokens.renew(document);
      if (renewed.type === 'none') throw DocumentsError.from(thrown);
      return ask(tokenOf(renewed)).catch((again: unknown) => {
        throw DocumentsError.from(again);
      });
    }
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof CallError && thrown.code === code;
}

/** What a call shows who asks by. Throws {@link DocumentsError} where this person is given no token. */
function tokenOf(answer: TokenAnswer): string | null {
  switch (answer.type) {
    case 'token':
      return answer.token;
    case 'none':
      return null;
    case 'refused':
      throw new DocumentsError(answer.login === null ? 'denied' : 'signed-out', { login: answer.login });
    case 'failed':
      throw new DocumentsError('no-answer');
  }
}

function summary(document: unknown): DocumentSummary {
  const changed = new Date(textOf(document, 'updateTime'));
  return {
    name: textOf(document, 'name'),
    title: textOf(document, 'title'),
    changed: Number.isNaN(changed.valueOf()) ? new Date(0) : changed,
  };
}

function reasonOf(code: string): DocumentsError['reason'] {
  switch (code) {
    case 'unavailable':
      return 'unavailable';
    case 'unauthenticated':
    case 'permission_denied':
      return 'denied';
    case 'failed_precondition':
      return 'deleted';
    case 'invalid_argument':
      return 'name';
    case 'unknown':
    case 'internal':
      return 'unreachable';
    default:
      return 'other';
  }
}
