import type { ClientBase } from 'pg';
import type { Member } from '../store.ts';
import type { ClusterRow } from './messages.ts';

/** A server's row is forgotten when nothing was heard of it for so long, days. */
const MEMBER_DAYS = 30;

/** See `Membership.beat`. Times are the database's, so that no two clocks are compared. */
export async function beat(client: ClientBase, self: Member, withinMs: number): Promise<Member[]> {
  const { rows } = await client.query<Member>({
    name: 'beat',
    text: `WITH self AS (
        INSERT INTO sheaf.members (node, incarnation, address, seen) VALUES ($1, $2, $3, clock_timestamp())
        ON CONFLICT (node) DO UPDATE
          SET incarnation = excluded.incarnation, address = excluded.address, seen = excluded.seen),
      gone AS (DELETE FROM sheaf.members WHERE node <> $1 AND seen < clock_timestamp() - make_interval(days => $5))
      SELECT node, incarnation, address FROM sheaf.members
        WHERE node <> $1 AND seen >= clock_timestamp() - make_interval(secs => $4::double precision / 1000)
        ORDER BY node`,
    values: [self.node, self.incarnation, self.address, withinMs, MEMBER_DAYS],
  });
  return rows;
}

/** See `Membership.leave`. */
export async function leave(client: ClientBase, { node, incarnation }: Member): Promise<void> {
  await client.query('DELETE FROM sheaf.members WHERE node = $1 AND incarnation = $2', [node, incarnation]);
}

/** See `Membership.cluster`. */
export async function agreeOnCluster(client: ClientBase, { id, created }: ClusterRow): Promise<ClusterRow> {
  const { rows } = await client.query<ClusterRow>(
    `WITH made AS (INSERT INTO sheaf.cluster (one, id, created) VALUES (true, $1, $2)
        ON CONFLICT (one) DO NOTHING RETURNING id, created)
      SELECT id, created FROM made UNION ALL SELECT id, created FROM sheaf.cluster`,
    [id, created],
  );
  // Two that propose at once: who came second does not see the other's row in this statement, and asks again.
  return rows[0] ?? agreeOnCluster(client, { id, created });
}
