import type { DocumentDigest } from '@sheaf/proto/replication';
import { setTimeout as wait } from 'node:timers/promises';
import { SheafError } from '../error.ts';
import type { Limits } from '../limits.ts';
import type { DocumentName } from '../store/document-name.ts';
import type { Catalogue, UpdateLog } from '../store/store.ts';
import type { Holdings } from './holdings.ts';
import type { Held } from './inventory.ts';
import type { NodeId } from './message.ts';
import type { Remote } from './remote.ts';

/** Documents of one page when all are checked. */
const PAGE = 200;
/** How often two nodes are compared at most, and how far apart, ms. */
const LOOKS = 6;
const LOOKS_APART_MS = 300;
/** Questions to one node at a time. */
const ASKED_AT_ONCE = 16;

/** Something that is not as it should be; `node` holds something else, or (null) this node's own disk is wrong. */
export interface VerificationFinding {
  readonly document: DocumentName;
  readonly node: NodeId | null;
  readonly words: string;
}

/** What a page of a verification found. */
export interface Verification {
  readonly checked: number;
  readonly findings: readonly VerificationFinding[];
  /** The last document of the page; null: it was the last page. */
  readonly last: DocumentName | null;
  readonly compared: readonly NodeId[];
}

/** What a verification needs of its node. */
export interface VerifierOptions {
  readonly log: UpdateLog;
  readonly catalogue: Catalogue;
  readonly holdings: Pick<Holdings, 'of'>;
  readonly limits: Limits;
  /** Linked nodes that store every document. */
  readonly replicas: () => readonly NodeId[];
  readonly remote: (node: NodeId) => Pick<Remote, 'client'>;
}

/** Checks what this node's disk holds, and compares what it holds with others. Changes nothing. */
export class Verifier {
  readonly #options: VerifierOptions;

  constructor(options: VerifierOptions) {
    this.#options = options;
  }

  /** One document. Throws `not-found`, `deleted`. */
  async one(document: DocumentName): Promise<Verification> {
    const held = await this.#options.holdings.of(document);
    if (held?.kind === 'deleted') throw new SheafError('deleted', 'The document was deleted.');
    if (held === null && (await this.#options.catalogue.get(document)) === null)
      throw new SheafError('not-found', 'There is no document of that name here.');
    return { ...(await this.#check([document])), last: null };
  }

  /** The documents behind `after` ('' from the first), a page of them. */
  async page(after: DocumentName | ''): Promise<Verification> {
    const names = await this.#options.catalogue.names({ after, limit: PAGE });
    const last = names.length < PAGE ? null : (names.at(-1)?.document ?? null);
    // The tombstones are compared as well: a document must be deleted everywhere.
    return { ...(await this.#check(names.map(({ document }) => document))), last };
  }

  async #check(documents: readonly DocumentName[]): Promise<Omit<Verification, 'last'>> {
    const { log, replicas } = this.#options;
    const findings: VerificationFinding[] = [];
    for (const document of documents)
      for (const words of await log.verify(document)) findings.push({ document, node: null, words });
    const compared: NodeId[] = [];
    for (const node of replicas()) {
      const differing = await this.#differing(node, documents);
      compared.push(node);
      for (const document of differing)
        findings.push({ document, node, words: 'It holds something else than this node.' });
    }
    return { checked: documents.length, findings, compared };
  }

  /**
   * Those of `documents` of which another node holds something else. Both must hold it still in the next look: what people
   * write is under way for a moment, and is not judged.
   */
  async #differing(node: NodeId, documents: readonly DocumentName[]): Promise<DocumentName[]> {
    const differing: DocumentName[] = [];
    let before = await this.#differencesNow(node, documents);
    for (let look = 1; look < LOOKS && before.size > 0; look += 1) {
      await wait(LOOKS_APART_MS);
      const now = await this.#differencesNow(node, [...before.keys()]);
      for (const [document, difference] of [...now]) {
        if (difference !== before.get(document)) continue;
        differing.push(document);
        now.delete(document);
      }
      before = now;
    }
    return differing;
  }

  /** What both hold, where it is not the same, as text to be compared. */
  async #differencesNow(
    node: NodeId,
    documents: readonly DocumentName[],
  ): Promise<Map<DocumentName, string>> {
    const { limits, holdings, remote } = this.#options;
    const { client } = remote(node);
    const differences = new Map<DocumentName, string>();
    const ask = async (document: DocumentName): Promise<void> => {
      const { held } = await client.locateDocument({ document }, { timeoutMs: limits.peerAnswerMs });
      const own = describe(await holdings.of(document));
      const theirs = describe(heldOf(held));
      if (own !== theirs) differences.set(document, `${own} ${theirs}`);
    };
    for (let at = 0; at < documents.length; at += ASKED_AT_ONCE)
      await Promise.all(documents.slice(at, at + ASKED_AT_ONCE).map(ask));
    return differences;
  }
}

function heldOf(told: DocumentDigest | undefined): Held | null {
  if (told === undefined) return null;
  const { digest, deletedTime } = told;
  return deletedTime > 0n ? { kind: 'deleted', time: Number(deletedTime) } : { kind: 'content', digest };
}

/** Equal for two nodes that hold the same. Nothing and an empty document are the same. */
function describe(held: Held | null): string {
  if (held?.kind === 'deleted') return 'deleted';
  return held === null ? '' : Buffer.from(held.digest).toString('hex');
}
