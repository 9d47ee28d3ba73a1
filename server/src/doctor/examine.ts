import { examineBodies, type BodyFinding } from './body.ts';
import { examineReach, examineTls, type ReachFinding, type TlsFinding } from './reach.ts';
import type { Route } from './route.ts';
import { examineRung, RUNGS, type RungFinding } from './rung.ts';
import { examineSeen, type SeenFinding } from './seen.ts';

/** All that was found about a deployment. */
export interface Findings {
  readonly reach: ReachFinding;
  readonly tls: TlsFinding | null;
  /** None if no server of ours was reached. */
  readonly rungs: readonly RungFinding[];
  readonly body: BodyFinding | null;
  readonly seen: SeenFinding | null;
}

/** Examines a deployment; takes some 10 s, for rungs are left silent for so long. Writes nothing on the server. */
export async function examine(
  route: Route,
  instruments: { now: () => number; clock: () => number; signal: AbortSignal },
): Promise<Findings> {
  const { signal } = instruments;
  const [reach, tls] = await Promise.all([examineReach(route, instruments), examineTls(route, signal)]);
  if (!reach.works) return { reach, tls, rungs: [], body: null, seen: null };
  const rungs = Promise.all(RUNGS.map((rung) => examineRung(rung, route, instruments)));
  // A proxy on this side of the network says nothing of those before the server.
  const seen = route.proxy === null ? examineSeen(route, signal) : null;
  const body = await examineBodies(route, signal);
  return { reach, tls, rungs: await rungs, body, seen: await seen };
}
