import type { IncomingMessage, ServerResponse } from 'node:http';
import { Answer, refuse } from './answer.ts';
import { Refusal } from './endpoints.ts';
import type { Log } from './log.ts';
import type { RequestTurns } from './request-turns.ts';

/** Requests that are answered without the app: they come so often that its machinery would take longer than they do. */
export interface DirectRoutes {
  /** Whether a request is one of these. */
  takes(request: IncomingMessage): boolean;
  /** Answers one. Nothing was judged before: whether the server may be asked by that name neither. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Is shown a request before anything is done about it. */
export type Watch = (request: IncomingMessage, response: ServerResponse) => void;

/** What a front needs. */
export interface FrontOptions {
  readonly routes: () => DirectRoutes;
  /** Shared with the app. */
  readonly turns: RequestTurns;
  readonly log: () => Log;
  readonly watch: Watch;
}

/** A name that is another's (a rebound one) may have nothing at all. */
export const WRONG_NAME = new Refusal(403, 'This server is not reached by that name (SHEAF_PUBLIC_URL).');
/** What went wrong is in the log. */
export const MISTAKE = new Refusal(500, 'The server made a mistake.');

/** Stands before the app. Requests that it answers take their turn, are logged and fail as the app's do. */
export class Front {
  readonly #options: FrontOptions;
  #closed = false;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** Leaves all that comes from now on to the app, which says that the server ends. */
  close(): void {
    this.#closed = true;
  }

  /** A listener of node:http's `request`; `app` takes what is not answered here. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    app: (request: IncomingMessage, response: ServerResponse) => void,
  ): void {
    const routes = this.#options.routes();
    if (this.#closed || !routes.takes(request)) app(request, response);
    else void this.#answer(routes, request, response);
  }

  async #answer(routes: DirectRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { turns, watch, log } = this.#options;
    try {
      watch(request, response);
      await turns.next();
      await routes.handle(request, response);
    } catch (thrown) {
      log().error({ ...describeRequest(request), err: thrown }, 'A request failed');
      if (response.headersSent) response.destroy();
      else refuse(new Answer(response, {}), MISTAKE);
    }
  }
}

/** A request as logs may tell it: never with its query or its headers. */
export function describeRequest(request: IncomingMessage): { method: string; path: string } {
  return { method: request.method ?? '', path: (request.url ?? '').split('?', 1)[0] ?? '' };
}
