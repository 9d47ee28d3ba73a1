import { SheafError } from '../error.ts';
import { ReplicaTasks, type Request, type TaskKind, type Tasks } from './replica-tasks.ts';
import type { TaskRunner } from './replicas.ts';

/** Does tasks on this thread, one after another, each when `delay` has passed: for a world whose time is its own. */
export class InlineReplicas implements TaskRunner {
  readonly running = true;
  tasks = 0;
  readonly #delay: () => Promise<void>;
  readonly #doer = new ReplicaTasks();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(delay: () => Promise<void>) {
    this.#delay = delay;
  }

  async run<K extends TaskKind>(kind: K, ask: Tasks[K]['ask']): Promise<Tasks[K]['answer']> {
    this.tasks += 1;
    // As a thread gets it: a copy, as of now.
    const request = structuredClone({ id: this.tasks, kind, ask }) as Request;
    const responded = this.#last.then(() => this.#delay()).then(() => this.#doer.respond(request));
    this.#last = responded;
    const response = structuredClone(await responded);
    if (this.#closed) throw new SheafError('draining', 'The server is stopping.');
    if ('error' in response) throw new SheafError(response.error.code, response.error.message);
    // A task is answered with its own kind of answer.
    return response.answer as Tasks[K]['answer'];
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}
