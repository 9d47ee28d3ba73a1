import type { DocumentName } from '../store/document-name.ts';
import type { Message, RemotePresence } from './message.ts';
import type { Peer } from './peer.ts';
import type { Step } from './cluster-state.ts';

/*
 * Presence is owned by the node where a person is connected. Each node keeps a table for each peer; who is in several
 * (somebody moved, and one of the nodes has not noticed) is shown as one of them says, and as another when that one ends.
 */

/** Presence of people here changed: those who follow the document are told. */
export function localPresence(at: Step, document: DocumentName, entries: readonly RemotePresence[]): void {
  const { people, peers } = at.state;
  const here = people.get(document) ?? new Map<number, RemotePresence>();
  people.set(document, here);
  for (const entry of entries) {
    if (entry.state !== null) here.set(entry.client, entry);
    else if (here.delete(entry.client)) showAgain(at, document, entry.client);
    for (const peer of peers.values())
      if (peer.linkage.state === 'linked' && peer.follows.has(document))
        peer.outgoing.touch(document, entry.client);
  }
  if (here.size === 0) people.delete(document);
}

/** A peer told about its people. */
export function onPresence(at: Step, peer: Peer, message: Extract<Message, { kind: 'presence' }>): void {
  const { document, whole, entries } = message;
  if (!at.state.followed.has(document)) return;
  const theirs = peer.people.get(document) ?? new Map<number, RemotePresence>();
  peer.people.set(document, theirs);
  if (whole) {
    const listed = new Set(entries.map(({ client }) => client));
    for (const entry of [...theirs.values()])
      if (!listed.has(entry.client)) leave(at, peer, { document, entry });
  }
  for (const presence of entries) {
    const before = theirs.get(presence.client);
    if (presence.state === null) {
      if (before !== undefined) leave(at, peer, { document, entry: before });
      continue;
    }
    if (before === undefined && theirs.size >= at.state.limits.presenceClients) continue;
    theirs.set(presence.client, presence);
    at.effects.push({ kind: 'show', node: peer.node, document, presence });
  }
}

/** The peer is gone, and its people with it. */
export function dropPeople(at: Step, peer: Peer): void {
  for (const [document, theirs] of peer.people)
    for (const entry of [...theirs.values()]) leave(at, peer, { document, entry });
  peer.people.clear();
}

function leave(
  at: Step,
  peer: Peer,
  { document, entry }: { document: DocumentName; entry: RemotePresence },
): void {
  peer.people.get(document)?.delete(entry.client);
  at.effects.push({ kind: 'show', node: peer.node, document, presence: { ...entry, state: null } });
  showAgain(at, document, entry.client);
}

/** An id is free: whoever else says that its person is there is believed now. */
function showAgain(at: Step, document: DocumentName, client: number): void {
  for (const { node, people } of at.state.peers.values()) {
    const presence = people.get(document)?.get(client);
    if (presence !== undefined) at.effects.push({ kind: 'show', node, document, presence });
  }
}
