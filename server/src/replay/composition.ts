import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { SheafError } from '../error.ts';
import { CodePointIndex, hasSurrogates } from './code-points.ts';
import type { Patch, Trace } from './trace.ts';

/*
 * A transaction must be typed into exactly the state that the merge of its parents is: its positions mean
 * nothing elsewhere. A live replica is never held to that, for other people's updates arrive when they like,
 * often earlier than the recording had them. So the session is composed before it is played: each person has
 * a desk, a document that receives what the parents of the next transaction hold and not a letter more; there
 * the transaction is typed, and the Yjs update that this makes is kept. The player then gives that update to
 * the replica of the real client, whose provider sends it like any local change. Nobody waits for anybody but
 * for what their transaction builds upon, so the concurrency on the wire is real, and what is merged is what
 * was recorded.
 *
 * The client ids are a hash of trace, document and person. The same trace therefore gives the same updates bit
 * for bit (under the same version of Yjs), and resuming is nothing but playing again: a replica that has an
 * update already does not emit it, so it is not sent twice.
 */

/** The name of the shared text in the document. */
export const TEXT = 'text';

/** A transaction as the update that it becomes. */
export interface Keystroke {
  readonly person: number;
  /** Yjs update, V1, of this person's client id alone; `null` if the transaction changed nothing. */
  readonly update: Uint8Array | null;
  /** The person's Yjs clock after it. */
  readonly clock: number;
  /** One of the characters that it deletes. */
  readonly deletes: Readonly<Y.ID> | null;
  /** Of each person, how many keystrokes it builds upon. */
  readonly needs: readonly number[];
}

/** A trace, composed for one document. */
export interface Composition {
  /** Yjs client id of each person. */
  readonly clients: readonly number[];
  /** In the order of the trace, in which everything comes after what it needs. */
  readonly keystrokes: readonly Keystroke[];
  /** Of each person, the indexes of their keystrokes, in order. */
  readonly byPerson: readonly (readonly number[])[];
  /** The text after the last keystroke. */
  readonly text: string;
}

/** The Yjs client id under which `person` types `trace` into `document`: 32 bits, never 0. */
function clientId(fingerprint: string, document: string, person: number): number {
  const hash = createHash('sha256').update(`${fingerprint}\n${person}\n${document}`).digest();
  return hash.readUInt32LE(0) || 1;
}

function fingerprintOf(trace: Trace): string {
  const hash = createHash('sha256');
  for (const { person, parents, patches } of trace.transactions) {
    hash.update(`${person};${parents.join()};`);
    for (const { position, deleted, inserted } of patches) hash.update(`${position},${deleted},${inserted};`);
  }
  return hash.update(trace.endContent).digest('hex');
}

/** One person's document, which holds what the next transaction was typed into. */
class Desk {
  readonly doc: Y.Doc;
  readonly #text: Y.Text;
  /** `null` where a code point is always one unit. */
  readonly #points: CodePointIndex | null;
  /** Of each person, how many keystrokes lie on it. */
  readonly holds: number[];
  #made: { update: Uint8Array; deletes: Y.ID | null } | null = null;

  constructor(client: number, people: number, wide: boolean) {
    this.doc = new Y.Doc();
    this.doc.clientID = client;
    this.#text = this.doc.getText(TEXT);
    this.#points = wide ? new CodePointIndex() : null;
    this.holds = new Array<number>(people).fill(0);
    this.doc.on('update', (update, _origin, _doc, transaction) => {
      if (!transaction.local) return;
      const [first] = transaction.deleteSet.clients;
      const range = first?.[1][0];
      const deletes = first !== undefined && range !== undefined ? Y.createID(first[0], range.clock) : null;
      this.#made = { update, deletes };
    });
    const points = this.#points;
    if (points === null) return;
    this.#text.observe((event, transaction) => {
      if (transaction.local) return;
      let unit = 0;
      for (const { retain = 0, delete: deleted = 0, insert } of event.delta) {
        unit += retain;
        const inserted = typeof insert === 'string' ? insert : '';
        if (deleted > 0 || inserted !== '') points.replace(unit, deleted, inserted);
        unit += inserted.length;
      }
    });
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update);
  }

  /** Types the patches as one transaction; `null` if that changed nothing. */
  type(patches: readonly Patch[]): { update: Uint8Array; deletes: Y.ID | null } | null {
    this.#made = null;
    this.doc.transact(() => {
      for (const patch of patches) this.#replace(patch);
    });
    return this.#made;
  }

  #replace({ position, deleted, inserted }: Patch): void {
    const points = this.#points;
    // Yjs would quietly stop at the end.
    if (position + deleted > (points ?? this.#text).length) throw new RangeError('outside the text');
    const from = points === null ? position : points.unitsBefore(position);
    const to = points === null ? position + deleted : points.unitsBefore(position + deleted);
    if (to > from) this.#text.delete(from, to - from);
    if (inserted !== '') this.#text.insert(from, inserted);
    points?.replace(from, to - from, inserted);
  }
}

/** What of others a desk lacks, in the order of the trace: nothing then comes before what it needs. */
function missing(
  holds: readonly number[],
  needs: readonly number[],
  byPerson: readonly number[][],
): number[] {
  const indexes: number[] = [];
  for (const [person, needed] of needs.entries()) {
    const own = byPerson[person] ?? [];
    for (let at = holds[person] ?? 0; at < needed; at += 1) indexes.push(own[at] ?? 0);
  }
  return indexes.sort((a, b) => a - b);
}

/** The most that any of the parents builds upon, the parents themselves included. */
function needsOf(
  parents: readonly number[],
  reach: readonly (readonly number[])[],
  people: number,
): number[] {
  const needs = new Array<number>(people).fill(0);
  for (const parent of parents)
    for (const [person, count] of (reach[parent] ?? []).entries())
      needs[person] = Math.max(needs[person] ?? 0, count);
  return needs;
}

/**
 * Composes the first `until` transactions (all by default) for `document`. Throws `malformed` for a trace whose
 * transactions do not fit: a person who types at two places of the history at once, a position outside the
 * text, an end that is not `endContent`.
 */
export function compose(trace: Trace, document: string, until = trace.transactions.length): Composition {
  const { people } = trace;
  const transactions = trace.transactions.slice(0, until);
  const fingerprint = fingerprintOf(trace);
  const clients = Array.from({ length: people }, (_, person) => clientId(fingerprint, document, person));
  const wide = transactions.some(({ patches }) => patches.some(({ inserted }) => hasSurrogates(inserted)));
  const desks = clients.map((client) => new Desk(client, people, wide));
  const byPerson: number[][] = clients.map(() => []);
  const keystrokes: Keystroke[] = [];
  /** Of each transaction, the counts with itself. */
  const reach: (readonly number[])[] = [];
  for (const [index, { person, parents, patches }] of transactions.entries()) {
    const desk = desks[person];
    const own = byPerson[person];
    if (desk === undefined || own === undefined) throw new SheafError('internal', `no person ${person}`);
    const needs = needsOf(parents, reach, people);
    if ((needs[person] ?? 0) !== own.length)
      throw new SheafError('malformed', `txns[${index}]: its author typed elsewhere at the same time.`);
    for (const earlier of missing(desk.holds, needs, byPerson)) {
      const update = keystrokes[earlier]?.update;
      if (update != null) desk.receive(update);
    }
    let made: ReturnType<Desk['type']>;
    try {
      made = desk.type(patches);
    } catch (thrown) {
      throw new SheafError('malformed', `txns[${index}] lies outside the text.`, { cause: thrown });
    }
    own.push(index);
    const after = needs.with(person, own.length);
    for (const [other, held] of after.entries()) desk.holds[other] = Math.max(desk.holds[other] ?? 0, held);
    const clock = Y.getState(desk.doc.store, desk.doc.clientID);
    keystrokes.push({ person, update: made?.update ?? null, clock, deletes: made?.deletes ?? null, needs });
    reach.push(after);
  }
  const text = finalText(desks, keystrokes, byPerson);
  if (transactions.length === trace.transactions.length && text !== trace.endContent)
    throw new SheafError('malformed', 'The transactions do not lead to endContent.');
  return { clients, keystrokes, byPerson, text };
}

function finalText(
  desks: readonly Desk[],
  keystrokes: readonly Keystroke[],
  byPerson: readonly number[][],
): string {
  const desk = desks[0];
  if (desk === undefined) return '';
  const everything = byPerson.map((own) => own.length);
  for (const index of missing(desk.holds, everything, byPerson)) {
    const update = keystrokes[index]?.update;
    if (update != null) desk.receive(update);
  }
  return desk.doc.getText(TEXT).toString();
}

/** Whether a replica has a keystroke: its author's clock, and one of its deletes. */
export function has(doc: Y.Doc, client: number, { clock, deletes }: Keystroke): boolean {
  if (Y.getState(doc.store, client) < clock) return false;
  if (deletes === null) return true;
  if (Y.getState(doc.store, deletes.client) <= deletes.clock) return false;
  return Y.getItem(doc.store, deletes).deleted;
}
