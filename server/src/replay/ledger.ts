import * as Y from 'yjs';

/** What was acknowledged, in the terms in which it can be looked for later: clocks and delete ranges. */
export class Ledger {
  /** Of each Yjs client id, the clock up to which structs were acknowledged. */
  readonly #clocks = new Map<number, number>();
  /** Acknowledged deletes: `[client, clock, length]`. */
  readonly #deletes: (readonly [client: number, clock: number, length: number])[] = [];

  /** Enters an update (V1) that was acknowledged. */
  acknowledge(update: Uint8Array): void {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      const { client, clock } = struct.id;
      this.#clocks.set(client, Math.max(this.#clocks.get(client) ?? 0, clock + struct.length));
    }
    for (const [client, ranges] of ds.clients)
      for (const { clock, len } of ranges) this.#deletes.push([client, clock, len]);
  }

  /** What a replica lacks of the acknowledged, a line for each finding; empty when it has everything. */
  missingFrom(doc: Y.Doc): string[] {
    const findings: string[] = [];
    for (const [client, clock] of this.#clocks) {
      const held = Y.getState(doc.store, client);
      if (held < clock) findings.push(`client ${client}: acknowledged up to ${clock}, there up to ${held}`);
    }
    const deleted = Y.createDeleteSetFromStructStore(doc.store);
    for (const [client, clock, length] of this.#deletes) {
      for (let at = clock; at < clock + length; at += 1) {
        if (Y.isDeleted(deleted, Y.createID(client, at))) continue;
        findings.push(`client ${client}: the acknowledged delete of ${at} is not there`);
        break;
      }
    }
    return findings;
  }
}
