import type { Access } from '../access/access.ts';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { PeerRequest } from './accept.ts';
import { Allowance, SharedAllowances } from './allowance.ts';
import { PacedSocket } from './paced-socket.ts';
import type { MessageSocket, SocketHandler } from './socket.ts';

/** Sees to it that no connection, address or person sends more than a server can take for all (SPEC RATE). */
export class Paced {
  readonly #limits: Limits;
  readonly #access: Access;
  readonly #now: () => number;
  readonly #addresses: SharedAllowances;
  readonly #people: SharedAllowances;
  #stops = 0;

  /** `now`: a monotonic clock, ms. */
  constructor(limits: Limits, access: Access, now: () => number) {
    this.#limits = limits;
    this.#access = access;
    this.#now = now;
    const rate = { perSecond: limits.messagesPerSecondShared, atOnce: limits.messagesAtOnce };
    this.#addresses = new SharedAllowances(rate, now);
    this.#people = new SharedAllowances(rate, now);
  }

  /** How often a connection was stopped, for /metrics. */
  get stops(): number {
    return this.#stops;
  }

  /**
   * Connects a socket through its pace. `handle` gets the socket, and an access that knows who asked: with it a person's
   * connections are counted together. That access throws `too-many` beyond `connectionsPerPerson`.
   */
  connect(
    socket: MessageSocket,
    peer: PeerRequest,
    handle: (socket: MessageSocket, access: Access) => SocketHandler,
  ): SocketHandler {
    const { messagesPerSecond: perSecond, messagesAtOnce: atOnce } = this.#limits;
    const paced = new PacedSocket(socket, {
      allowance: new Allowance({ perSecond, atOnce }, this.#now),
      stopped: () => (this.#stops += 1),
    });
    paced.share(this.#addresses.hold(peer.address));
    const known = new Set<string>();
    const authorize: Access['authorize'] = async (request) => {
      const grant = await this.#access.authorize(request);
      const { id } = grant.principal;
      if (id === '' || known.has(id)) return grant;
      if (this.#people.holders(id) >= this.#limits.connectionsPerPerson)
        throw new SheafError('too-many', 'Too many connections of one person.');
      known.add(id);
      paced.share(this.#people.hold(id));
      return grant;
    };
    return paced.start((outer) => handle(outer, { authorize }));
  }
}
