import { lookup } from 'node:dns/promises';
import { SheafError } from '../error.ts';
import type { Member } from '../store/store.ts';
import type { Dialler } from './dialler.ts';
import { advertisedAddress, type Links } from './links.ts';
import type { PeerSource, StoreSource } from './peer-source.ts';
import type { NodeAddress } from './remote.ts';

/** Names are looked up again this often, ms. */
const LOOKUP_MS = 5_000;

/** A dialler for each address, also of those that a name, or the shared store, stands for at the time. */
export class Diallers {
  readonly #sources: readonly (PeerSource | StoreSource)[];
  readonly #dial: (address: NodeAddress) => Dialler;
  readonly #report: (words: string, error: SheafError) => void;
  readonly #diallers = new Map<string, Dialler>();
  #timer: NodeJS.Timeout | null = null;
  #failed = false;

  constructor(
    sources: readonly (PeerSource | StoreSource)[],
    dial: (address: NodeAddress) => Dialler,
    report: (words: string, error: SheafError) => void,
  ) {
    this.#sources = sources;
    this.#dial = dial;
    this.#report = report;
  }

  start(): void {
    for (const source of this.#sources)
      if (source.kind === 'address') this.#keep(`${source.host} ${source.port}`, source);
    if (!this.#sources.some(({ kind }) => kind === 'dns')) return;
    void this.#lookUp();
    this.#timer = setInterval(() => void this.#lookUp(), LOOKUP_MS);
  }

  /** These nodes work on the shared store. */
  meet(members: readonly Member[]): void {
    if (!this.#sources.some(({ kind }) => kind === 'database')) return;
    const found = new Map<string, NodeAddress>();
    for (const { node, address } of members) {
      const called = advertisedAddress(address, undefined);
      if (called !== null) found.set(`database ${node} ${address}`, called);
    }
    this.#replace('database ', found);
  }

  async stop(links: Links): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    const stopped = [...this.#diallers.values()].map((dialler) => dialler.stop());
    await links.close();
    await Promise.all(stopped);
  }

  #keep(key: string, address: NodeAddress): void {
    if (this.#diallers.has(key)) return;
    const dialler = this.#dial(address);
    this.#diallers.set(key, dialler);
    dialler.start();
  }

  async #lookUp(): Promise<void> {
    const found = new Map<string, NodeAddress>();
    try {
      for (const source of this.#sources) {
        if (source.kind !== 'dns') continue;
        const { host, port } = source;
        for (const { address } of await lookup(host, { all: true }))
          found.set(`dns ${address} ${port}`, { host: address, port, serverName: host });
      }
    } catch (thrown) {
      // Who was found before stays; it is told once.
      if (!this.#failed) this.#report('SHEAF_CLUSTER_PEERS', SheafError.from(thrown));
      this.#failed = true;
      return;
    }
    this.#failed = false;
    this.#replace('dns ', found);
  }

  #replace(prefix: string, found: ReadonlyMap<string, NodeAddress>): void {
    for (const [key, dialler] of this.#diallers) {
      if (!key.startsWith(prefix) || found.has(key)) continue;
      this.#diallers.delete(key);
      void dialler.stop();
    }
    for (const [key, address] of found) this.#keep(key, address);
  }
}
