import { parseArgs } from 'node:util';
import { SERVERS } from './servers.ts';
import type { ServerUnderTest } from './servers.ts';

/** What a run of the bench does. */
export interface Options {
  readonly servers: readonly ServerUnderTest[];
  readonly readers: readonly number[];
  /** Updates per second. */
  readonly rates: readonly number[];
  readonly rounds: number;
  /** Of the timed part of a round. */
  readonly seconds: number;
  readonly fanOut: boolean;
  readonly memory: boolean;
  readonly capacity: boolean;
  /** Documents, and connections, whose memory is measured. */
  readonly count: number;
  readonly seed: number;
  /** Where the result goes as JSON. */
  readonly json: string | null;
}

/** What `--help` says. */
export const USAGE = `npm run bench -- [options]

  --rounds N          interleaved rounds, whose median counts (3)
  --seconds N         length of a round's timed part (8)
  --readers N,N       readers of the document (10,100)
  --rates N,N         updates per second, all writers together (100,1000,10000)
  --servers NAME,…    ${SERVERS.map(({ name }) => name).join(', ')} (all)
  --no-fan-out        leaves the rounds out
  --no-memory         leaves the memory of documents and connections out
  --count N           documents and connections whose memory is measured (1000)
  --capacity          searches the most readers at 1,000/s with p99 under 50 ms; takes minutes
  --seed N            for the texts that are typed (1)
  --json FILE         writes everything measured
`;

function numbers(name: string, text: string): number[] {
  const found = text.split(',').map(Number);
  if (found.some((value) => !Number.isFinite(value) || value <= 0))
    throw new Error(`--${name} needs numbers above 0, not "${text}"`);
  return found;
}

function number(name: string, text: string): number {
  const [found, ...more] = numbers(name, text);
  if (found === undefined || more.length > 0) throw new Error(`--${name} needs one number, not "${text}"`);
  return found;
}

function serversNamed(text: string): ServerUnderTest[] {
  return text.split(',').map((name) => {
    const server = SERVERS.find((candidate) => candidate.name === name);
    if (server === undefined) throw new Error(`--servers knows no "${name}"`);
    return server;
  });
}

/** Reads the command line; null when help is asked for. Throws an error that says what is wrong. */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      help: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      readers: { type: 'string', default: '10,100' },
      rates: { type: 'string', default: '100,1000,10000' },
      servers: { type: 'string' },
      'fan-out': { type: 'boolean', default: true },
      memory: { type: 'boolean', default: true },
      count: { type: 'string', default: '1000' },
      capacity: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  });
  if (values.help) return null;
  return {
    servers: values.servers === undefined ? SERVERS : serversNamed(values.servers),
    readers: numbers('readers', values.readers),
    rates: numbers('rates', values.rates),
    rounds: Math.round(number('rounds', values.rounds)),
    seconds: number('seconds', values.seconds),
    fanOut: values['fan-out'],
    memory: values.memory,
    capacity: values.capacity,
    count: Math.round(number('count', values.count)),
    seed: number('seed', values.seed),
    json: values.json ?? null,
  };
}
