/** Every bound of the PostgreSQL store, with its unit. A test may override them; code takes them as arguments. */
export const POSTGRES_LIMITS = {
  /** Connections of one node that load, compact and list, beside the one that commits. */
  bulkConnections: 4,
  /** A connection is made, with TLS and authentication, within, ms. */
  connectMs: 5_000,
  /** A commit that was not answered within this time is in doubt: the connection is taken for lost, ms. */
  answerMs: 30_000,
  /** Any other statement is given up by the database after, ms. */
  statementMs: 120_000,
  /** A transaction whose client went away in the middle is ended by the database after, ms. */
  abandonedMs: 10_000,
  /** How long commits wait for a database that went away, before they are refused, ms. */
  outageMs: 10_000,
  /** Between two tries to reach it again, ms. */
  reconnectMs: 200,
  /** An idle connection is probed by TCP after, ms. */
  keepAliveMs: 10_000,
  /** Calls that wait for the connection that commits. */
  waitingCommits: 10_000,
  /** How often a commit that met another node's (deadlock, serialization) is repeated. */
  conflicts: 5,
  /** A node that took the compaction of a document, and then fell silent though it is connected, has it for, ms. */
  leaseMs: 20_000,
} as const;

/** The bounds in force: {@link POSTGRES_LIMITS}, or what a test put in their place. */
export type PostgresLimits = { readonly [K in keyof typeof POSTGRES_LIMITS]: number };

/** The oldest version of the database that is known to do, as `server_version_num` has it. */
export const OLDEST_VERSION = 140_000;
