import type { Member, Membership } from '../store.ts';

/** The servers of one process that share a store in memory. */
export class MemoryMembership implements Membership {
  readonly #members = new Map<string, { readonly member: Member; seen: number }>();
  #cluster: { readonly id: string; readonly created: number } | null = null;

  async beat(self: Member, withinMs: number): Promise<Member[]> {
    const now = performance.now();
    this.#members.set(self.node, { member: self, seen: now });
    return [...this.#members.values()]
      .filter(({ member, seen }) => member.node !== self.node && seen >= now - withinMs)
      .map(({ member }) => member);
  }

  async leave({ node, incarnation }: Member): Promise<void> {
    if (this.#members.get(node)?.member.incarnation === incarnation) this.#members.delete(node);
  }

  async cluster(proposed: {
    readonly id: string;
    readonly created: number;
  }): Promise<{ readonly id: string; readonly created: number }> {
    this.#cluster ??= proposed;
    return this.#cluster;
  }
}
