/** The part of `fetch` that carriers use; a browser's is one. */
export type Fetch = (address: string, request: HttpRequest) => Promise<HttpAnswer>;

/** What a carrier asks for. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
  readonly cache?: 'no-store';
  readonly redirect?: 'error';
  /** Whether it shall outlive the page. */
  readonly keepalive?: boolean;
}

/** The part of a `Response` that carriers read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: HttpBody | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The part of a `ReadableStream`. */
export interface HttpBody {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> };
  cancel(): Promise<void>;
}

/** The `fetch` of this browser. */
export function createFetch(): Fetch {
  return (address, request) => fetch(address, request);
}
