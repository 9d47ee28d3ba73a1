import { parseUploadHash, UPLOADS_PATH, type UploadHash } from '@sheaf/proto/upload-address';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Access, Grant } from '../access/access.ts';
import { isOriginAllowed, type OriginRules } from '../access/origins.ts';
import { SheafError, type ErrorCode } from '../error.ts';
import type { Limits } from '../limits.ts';
import { parseDocumentName, type DocumentName } from '../store/document-name.ts';
import type { Receipt, UploadStore } from '../store/uploads/upload-store.ts';
import { readRange } from './byte-range.ts';
import { whole } from './channel-answers.ts';
import { clientAddress } from './client-address.ts';
import { queryOf, tokenOf } from './endpoints.ts';
import { imageTypeOf } from './media-type.ts';

/** What the routes of uploads need. */
export interface UploadRoutesOptions {
  readonly uploads: UploadStore;
  /** Brings what this server lacks from another node; false if none has it. */
  readonly bring: (document: DocumentName, hash: UploadHash) => Promise<boolean>;
  /** Offers what has come to other nodes: on how many disks it is, this one included, and whether these are as many as have to be. */
  readonly offer: (
    document: DocumentName,
    hash: UploadHash,
  ) => Promise<{ readonly copies: number; readonly enough: boolean }>;
  readonly access: Access;
  readonly origins: OriginRules;
  readonly limits: Limits;
  /** Whether an address is a proxy's whose forwarded headers are believed. */
  readonly trusted: (address: string) => boolean;
}

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  'bad-name': 400,
  malformed: 422,
  'too-large': 413,
  'too-many': 429,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'storage-unavailable': 507,
};

/** What is got is for its reader alone, and never anything else than it was. */
const CACHE = 'private, max-age=31536000, immutable';
/** Nothing in an upload runs, and nothing in it loads anything, wherever somebody opens it. */
const POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const LONGEST_NAME = 200;

/** A request for an upload, read and granted. */
interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: URLSearchParams;
  readonly document: DocumentName;
  readonly hash: UploadHash;
  readonly grant: Grant;
}

/**
 * Serves uploads (SPEC UPLOAD): GET and HEAD for who may read the document in the query, PUT of a part for who may write
 * in it.
 */
export async function serveUploads(app: FastifyInstance, options: UploadRoutesOptions): Promise<void> {
  const routes = new UploadRoutes(options);
  await app.register((scope, _options, done) => {
    // A part is read here, as it is written to the disk.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.route<{ Params: { hash: string } }>({
      method: ['GET', 'HEAD', 'PUT'],
      url: `${UPLOADS_PATH}:hash`,
      helmet: false,
      handler: async (request, reply) => {
        await routes.handle(request, reply, request.params.hash);
        return reply;
      },
    });
    done();
  });
}

class UploadRoutes {
  readonly #options: UploadRoutesOptions;
  /** Parts that are being read, by address. */
  readonly #reading = new Map<string, number>();

  constructor(options: UploadRoutesOptions) {
    this.#options = options;
  }

  async handle(request: FastifyRequest, reply: FastifyReply, name: string): Promise<void> {
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    try {
      const asked = await this.#ask(request, reply, name);
      if (request.method === 'PUT') await this.#put(asked);
      else await this.#get(asked);
    } catch (thrown) {
      const error = SheafError.from(thrown);
      const status = STATUS[error.code];
      if (status === undefined) throw thrown;
      if (status === 507) request.log.error({ err: error }, 'An upload could not be stored');
      // What is left of the body is not read.
      if (!request.raw.complete) void reply.header('connection', 'close');
      void reply.code(status).type('text/plain; charset=utf-8').send(`${error.message}\n`);
    }
  }

  async #ask(request: FastifyRequest, reply: FastifyReply, name: string): Promise<Asked> {
    const { origins, access } = this.#options;
    const { origin, host, 'sec-fetch-site': site } = request.headers;
    const foreign = origin === undefined && (site === 'cross-site' || site === 'same-site');
    if (foreign || !isOriginAllowed({ origin, host }, origins))
      throw new SheafError('forbidden', 'Pages of this origin may not ask for uploads (SHEAF_ORIGINS).');
    const hash = parseUploadHash(name);
    if (hash === null) throw new SheafError('not-found', 'There is no such upload.');
    const query = queryOf(request.raw);
    const document = parseDocumentName(query.get('document') ?? '');
    const grant = await access.authorize({ token: tokenOf(request.raw), document });
    if (request.method === 'PUT' && grant.role !== 'write')
      throw new SheafError('forbidden', 'The token allows reading only.');
    return { request, reply, query, document, hash, grant };
  }

  async #get({ request, reply, query, document, hash }: Asked): Promise<void> {
    const { uploads, bring } = this.#options;
    let upload = await uploads.open(document, hash);
    if (upload === null && (await bring(document, hash))) upload = await uploads.open(document, hash);
    if (upload === null) throw new SheafError('not-found', 'The document has no such upload.');
    const etag = `"${hash}"`;
    const type = imageTypeOf(upload.head);
    void reply.headers({
      etag,
      'cache-control': CACHE,
      'accept-ranges': 'bytes',
      'content-type': type ?? 'application/octet-stream',
      'content-disposition': disposition(type === null ? 'attachment' : 'inline', query.get('name')),
    });
    if (request.headers['if-none-match']?.includes(etag) === true) return void reply.code(304).send();
    const { range: header, 'if-range': only } = request.headers;
    const range = only === undefined || only === etag ? readRange(header, upload.size) : null;
    if (range === 'none')
      return void reply.code(416).header('content-range', `bytes */${upload.size}`).send();
    const { from, to } = range ?? { from: 0, to: upload.size };
    if (range) void reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${upload.size}`);
    void reply.header('content-length', to - from);
    if (request.method === 'HEAD') return void reply.send();
    void reply.send(Readable.from(upload.read(from, to), { objectMode: false }));
  }

  async #put(asked: Asked): Promise<void> {
    const { request, reply, document, hash } = asked;
    const { state, received } = await this.#receive(asked);
    if (!request.raw.complete) void reply.header('connection', 'close');
    if (state !== 'stored') return void reply.code(state === 'gap' ? 409 : 200).send({ received });
    // Not counted among what is being read: it may take as long as the other nodes do.
    const { copies, enough } = await this.#options.offer(document, hash);
    void reply.code(enough ? 201 : 202).send({ received, copies });
  }

  async #receive({ request, query, document, hash, grant }: Asked): Promise<Receipt> {
    const { uploads, limits, trusted } = this.#options;
    const size = whole(query.get('size'));
    const from = whole(query.get('from'));
    if (size === null || from === null) throw new SheafError('malformed', 'A number is missing.');
    // Somebody asks again whether other nodes have it by now.
    const here = from === size ? await uploads.open(document, hash) : null;
    if (here !== null && here.size === size) return { state: 'stored', received: size };
    const address = clientAddress(request.raw, trusted);
    const author = grant.principal.id || address;
    const body = bounded(request.raw, limits.uploadPartBytes);
    this.#enter(address);
    try {
      return await uploads.receive({ document, hash, author, size, from, body });
    } finally {
      this.#leave(address);
    }
  }

  #enter(address: string): void {
    const { uploadsAtOnce, uploadsPerAddress } = this.#options.limits;
    const own = this.#reading.get(address) ?? 0;
    const all = [...this.#reading.values()].reduce((sum, count) => sum + count, 0);
    if (own >= uploadsPerAddress || all >= uploadsAtOnce)
      throw new SheafError('too-many', 'Too many uploads at once: try again later.');
    this.#reading.set(address, own + 1);
  }

  #leave(address: string): void {
    const own = this.#reading.get(address) ?? 0;
    if (own > 1) this.#reading.set(address, own - 1);
    else this.#reading.delete(address);
  }
}

/** A request's body up to `most` bytes. Throws `too-large` beyond, and `malformed` where it was cut. */
async function* bounded(raw: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const chunk of raw) {
      length += chunk.length;
      if (length > most) throw new SheafError('too-large', `A part of an upload has at most ${most} bytes.`);
      yield chunk;
    }
  } catch (thrown) {
    throw SheafError.from(thrown, 'malformed');
  }
}

// oxlint-disable-next-line no-control-regex -- what is looked for
const NOT_IN_NAMES = /[\u0000-\u001f\u007f/\\]/g;

/** A name as a header can hold it (RFC 6266, RFC 8187). */
function disposition(kind: 'inline' | 'attachment', name: string | null): string {
  if (name === null || name === '') return kind;
  const clean = name.slice(0, LONGEST_NAME).toWellFormed().replace(NOT_IN_NAMES, '_');
  const encode = (sign: string): string => `%${sign.charCodeAt(0).toString(16)}`;
  return `${kind}; filename*=UTF-8''${encodeURIComponent(clean).replace(/['()*]/g, encode)}`;
}
