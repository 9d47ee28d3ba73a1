import { fileURLToPath } from 'node:url';
import { serverFlags } from '../../scripts/server-flags.js';
import { broadcast } from './dialect/broadcast.ts';
import type { Dialect } from './dialect/dialect.ts';
import { hocuspocus } from './dialect/hocuspocus.ts';
import { yWebsocket } from './dialect/y-websocket.ts';

/** A server that the bench measures. */
export interface ServerUnderTest {
  readonly name: string;
  /** What it is, for the reader of a table. */
  readonly about: string;
  readonly dialect: Dialect;
  /** Arguments for `node` that start it on a free port of the loopback, where it has so many cores. */
  command(cores: number): string[];
}

function program(name: string): string {
  return fileURLToPath(new URL(`./peers/${name}.ts`, import.meta.url));
}

/** All servers, in the order of the tables. */
export const SERVERS: readonly ServerUnderTest[] = [
  {
    name: 'sheaf',
    about: 'Sheaf as `npm start` starts it: SQLite, every commit fsynced',
    dialect: hocuspocus('/hocuspocus'),
    command: (cores) => [...serverFlags(cores), program('sheaf')],
  },
  {
    name: 'sheaf-memory',
    about: 'Sheaf with `serve --memory`: keeps nothing, like the peers',
    dialect: hocuspocus('/hocuspocus'),
    command: (cores) => [...serverFlags(cores), program('sheaf'), '--memory'],
  },
  {
    name: 'hocuspocus',
    about: '@hocuspocus/server as shipped, keeps nothing',
    dialect: hocuspocus('/'),
    command: () => [program('hocuspocus')],
  },
  {
    name: 'y-websocket',
    about: "y-websocket's server, setupWSConnection on ws, keeps nothing",
    dialect: yWebsocket,
    command: () => [program('y-websocket')],
  },
  {
    name: 'broadcast',
    about: 'bare ws: each message to everybody else, unread',
    dialect: broadcast,
    command: () => [program('broadcast')],
  },
];
