import type { ServerResponse } from 'node:http';
import type { Refusal } from './endpoints.ts';

/** An answer whose head is gathered, and then goes out together with its body. */
export class Answer {
  readonly #response: ServerResponse;
  readonly #headers: Record<string, string>;

  /** `headers`: what is said whatever the answer is. */
  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.#response = response;
    this.#headers = { ...headers };
  }

  /** Adds headers, by their names in lower case. */
  with(headers: Readonly<Record<string, string>>): this {
    Object.assign(this.#headers, headers);
    return this;
  }

  /** Sends all of it. `type`: its body's media type. */
  send(status: number, type: string, body: Uint8Array): void {
    this.with({ 'content-type': type, 'content-length': String(body.length) });
    this.#response.writeHead(status, this.#headers).end(body);
  }

  /** Sends one that has no body. */
  sendHead(status: number): void {
    this.#response.writeHead(status, this.#headers).end();
  }

  /** Sends the head of one that goes on until somebody ends it; returns what takes its body. */
  begin(status: number, type: string): ServerResponse {
    this.with({ 'content-type': type });
    this.#response.writeHead(status, this.#headers).flushHeaders();
    return this.#response;
  }

  /** Calls `closed` when it has been sent, or can't be any more. */
  onClose(closed: () => void): void {
    this.#response.once('close', closed);
  }
}

/** Answers with the status and words of a refusal. */
export function refuse(to: Answer, { status, words }: Refusal): void {
  to.send(status, 'text/plain; charset=utf-8', Buffer.from(`${words}\n`));
}
