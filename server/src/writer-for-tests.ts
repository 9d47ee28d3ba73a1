/*
 * A program for tests: writes words into documents of one server, from when it is told to until it is told to stop. Arguments:
 * the server's address, the writer's name, ms between two words, names of documents. Lines of input: "write", "stop".
 *
 * Lines of output: "in" once it has all documents, and at each stop one of JSON: for each document the words that were
 * acknowledged, ever. A word that was acknowledged was called saved by a stock provider.
 */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { createInterface } from 'node:readline';
import * as Y from 'yjs';

const [, , url = '', name = '', every = '50', ...documents] = process.argv;

/** What is put in and deleted again, so that there are deletes as well. */
const CHAFF = '#';

const socket = new HocuspocusProviderWebsocket({
  url: `${url.replace('http', 'ws')}/hocuspocus`,
  delay: 20,
  minDelay: 20,
  maxDelay: 300,
});

class Writer {
  readonly document: string;
  readonly #provider: HocuspocusProvider;
  readonly #words: Y.Array<string>;
  #written = 0;
  #acknowledged = 0;

  constructor(document: string) {
    this.document = document;
    const doc = new Y.Doc();
    this.#words = doc.getArray<string>('words');
    this.#provider = new HocuspocusProvider({
      name: document,
      document: doc,
      token: 'none',
      websocketProvider: socket,
    });
    this.#provider.attach();
  }

  get isIn(): boolean {
    return this.#provider.isSynced;
  }

  get acknowledged(): string[] {
    this.look();
    return Array.from({ length: this.#acknowledged }, (_, at) => `${name}-${String(at)}`);
  }

  look(): void {
    if (this.#provider.isSynced && this.#provider.unsyncedChanges === 0) this.#acknowledged = this.#written;
  }

  write(): void {
    this.look();
    const words = this.#words;
    const at = Math.floor(Math.random() * (words.length + 1));
    words.insert(at, [`${name}-${String(this.#written)}`]);
    this.#written += 1;
    if (this.#written % 3 === 0) words.insert(0, [CHAFF, CHAFF]);
    const chaff = words.toArray().indexOf(CHAFF);
    if (chaff >= 0 && this.#written % 3 === 1) words.delete(chaff, 1);
  }
}

const writers = documents.map((document) => new Writer(document));
while (!writers.every(({ isIn }) => isIn)) await new Promise((resolve) => setTimeout(resolve, 10));
process.stdout.write('in\n');
let writing: NodeJS.Timeout | undefined;
let next = 0;
setInterval(() => {
  for (const writer of writers) writer.look();
}, 5);

const input = createInterface({ input: process.stdin });
input.once('close', () => process.exit(0));
input.on('line', (line) => {
  clearInterval(writing);
  if (line === 'write') {
    writing = setInterval(() => {
      writers[next % writers.length]?.write();
      next += 1;
    }, Number(every));
    return;
  }
  const told = Object.fromEntries(writers.map(({ document, acknowledged }) => [document, acknowledged]));
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
