import * as encoding from 'lib0/encoding';
import type { Document } from '../document/document.ts';
import type { PresenceOwner } from '../document/presence.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { NodeId, RemotePresence } from './message.ts';

/** A node, as long as its people may be believed. */
interface Standing {
  yields: boolean;
}

/** Somebody who is connected to another node. */
class RemoteOwner implements PresenceOwner {
  author = '';
  writable = false;
  readonly #standing: Standing;

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  get away(): boolean {
    return this.#standing.yields;
  }
}

/** Shows people of other nodes in the documents here, and finds out who is here themselves. */
export class RemotePeople {
  readonly #standings = new Map<NodeId, Standing>();
  readonly #owners = new WeakMap<Document, Map<string, RemoteOwner>>();
  /** What was said of the people here: the clock of each. */
  readonly #told = new Map<DocumentName, Map<number, number>>();

  /** Whether somebody else may take the ids of this node's people. */
  setYields(node: NodeId, yields: boolean): void {
    this.#standing(node).yields = yields;
  }

  #standing(node: NodeId): Standing {
    const standing = this.#standings.get(node) ?? { yields: false };
    this.#standings.set(node, standing);
    return standing;
  }

  /** Shows somebody, or (state null) no more. Throws `malformed`, `too-large`. */
  show(document: Document, node: NodeId, presence: RemotePresence): void {
    const owners = this.#owners.get(document) ?? new Map<string, RemoteOwner>();
    this.#owners.set(document, owners);
    const key = `${presence.client} ${node}`;
    const owner = owners.get(key) ?? new RemoteOwner(this.#standing(node));
    if (presence.state === null) {
      owners.delete(key);
      document.withdraw(owner);
      return;
    }
    owner.author = presence.author;
    owner.writable = presence.writable;
    owners.set(key, owner);
    document.announce(owner, encodeOne(presence));
  }

  /** What changed about the people who are here since the last call. */
  changesIn(document: Document): RemotePresence[] {
    const told = this.#told.get(document.name) ?? new Map<number, number>();
    const changes: RemotePresence[] = [];
    const here = new Set<number>();
    for (const { client, owner, clock, state } of document.people()) {
      if (owner instanceof RemoteOwner) continue;
      here.add(client);
      if (told.get(client) === clock) continue;
      told.set(client, clock);
      changes.push({ client, clock, state, author: owner.author, writable: owner.writable });
    }
    for (const [client, clock] of told) {
      if (here.has(client)) continue;
      told.delete(client);
      changes.push({ client, clock, state: null, author: '', writable: false });
    }
    if (told.size === 0) this.#told.delete(document.name);
    else this.#told.set(document.name, told);
    return changes;
  }
}

function encodeOne({ client, clock, state }: RemotePresence): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
  encoding.writeVarString(encoder, state ?? 'null');
  return encoding.toUint8Array(encoder);
}
