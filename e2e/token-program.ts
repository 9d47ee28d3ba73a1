import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the program says to whoever asks for a token. */
export type Door = 'write' | 'read' | 'forbidden' | 'signed-out' | 'down';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The program in which people are signed in, at an origin of its own; a story changes what it says as it goes. */
export class TokenProgram implements AsyncDisposable {
  static readonly SECRET = 'a secret of at least thirty-two bytes';
  door: Door = 'write';
  /** How long its tokens hold, seconds. */
  seconds = 300;
  /** Tokens that it gave. */
  readonly given: string[] = [];
  /** The documents that were asked for; '' stands for the list. */
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<TokenProgram> {
    const program = new TokenProgram();
    program.#server.listen(0, '127.0.0.1');
    await once(program.#server, 'listening');
    return program;
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    // A TCP server's address is one of these.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** A token of somebody for `doc`. */
  sign(doc: string, role: 'read' | 'write', seconds: number): string {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const text = `${part({ alg: 'HS256' })}.${part({ sub: 'ada', name: 'Ada', doc, role, exp })}`;
    return `${text}.${createHmac('sha256', TokenProgram.SECRET).update(text).digest('base64url')}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (pathname === '/login') {
      this.door = 'write';
      response.setHeader('content-type', 'text/html').end('<title>Welcome</title>You are signed in.');
      return;
    }
    if (this.door === 'down') {
      request.socket.destroy();
      return;
    }
    const doc = searchParams.get('doc');
    this.asked.push(doc ?? '');
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, {
        'access-control-allow-origin': request.headers.origin ?? '',
        'access-control-allow-credentials': 'true',
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(body));
    };
    if (this.door === 'forbidden') return answer(403, {});
    if (this.door === 'signed-out') return answer(401, { login: '/login' });
    const token = this.sign(doc ?? '*', this.door, this.seconds);
    this.given.push(token);
    answer(200, { token });
  }
}
