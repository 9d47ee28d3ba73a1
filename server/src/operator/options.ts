import { parseArgs } from 'node:util';
import type { NodeAddress } from '../cluster/remote.ts';
import { SheafError } from '../error.ts';

/** What `sheaf cluster --help` prints. */
export const OPERATOR_HELP = `Usage: sheaf cluster COMMAND [options]

  nodes              the nodes that one knows, and how its links to them are
  locate DOCUMENT    where people are in it, and what the node holds of it
  verify [DOCUMENT]  reads it (or everything) from the node's disk, checks it, and compares with the other nodes
  compact DOCUMENT   compacts it on the node now
  drain              ends the node in order: its people go to another

  --node HOST:PORT   the node to ask, at its cluster address (SHEAF_CLUSTER_LISTEN)
  --json             JSON on standard output

With SHEAF_CLUSTER_CERT, SHEAF_CLUSTER_KEY and SHEAF_CLUSTER_CA (PEM files) it calls as a node does.
Exit code 0: done, and all is well. 1: verify found something, or the node did not do it. 64: a wrong option.
`;

/** What an operator wants. */
export type OperatorCommand =
  | { readonly kind: 'nodes' | 'drain' }
  | { readonly kind: 'locate' | 'compact'; readonly document: string }
  | { readonly kind: 'verify'; readonly document: string | null };

/** The command line of `sheaf cluster`, checked. */
export interface OperatorOptions {
  readonly command: OperatorCommand;
  readonly node: NodeAddress;
  readonly json: boolean;
}

const OPTIONS = {
  node: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads a command line; `listen` is SHEAF_CLUSTER_LISTEN. `null` asks for help. Throws `bad-setting`. */
export function parseOperatorOptions(
  argv: readonly string[],
  listen: string | undefined,
): OperatorOptions | null {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (thrown) {
    throw SheafError.from(thrown, 'bad-setting');
  }
  const { values, positionals } = parsed;
  if (values.help === true || positionals.length === 0) return null;
  const address = values.node ?? listen;
  if (address === undefined)
    throw new SheafError('bad-setting', 'Which node is to be asked? Give --node HOST:PORT.');
  return { command: readCommand(positionals), node: readAddress(address), json: values.json ?? false };
}

function readCommand([name = '', document, ...more]: string[]): OperatorCommand {
  if (more.length > 0) throw wrong(`"${more.join(' ')}" is too much.`);
  switch (name) {
    case 'nodes':
    case 'drain':
      if (document !== undefined) throw wrong(`${name} takes no document.`);
      return { kind: name };
    case 'locate':
    case 'compact':
      if (document === undefined) throw wrong(`Which document? sheaf cluster ${name} DOCUMENT.`);
      return { kind: name, document };
    case 'verify':
      return { kind: name, document: document ?? null };
    default:
      throw wrong(`There is no command "${name}": nodes, locate, verify, compact or drain.`);
  }
}

function readAddress(text: string): NodeAddress {
  const found = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text);
  if (found === null) throw wrong(`A node's address is HOST:PORT, not "${text}".`);
  const host = found[1] ?? '';
  // Where a node listens on every address, it is found on this machine.
  return { host: host === '0.0.0.0' || host === '::' ? 'localhost' : host, port: Number(found[2]) };
}

function wrong(words: string): SheafError {
  return new SheafError('bad-setting', words);
}
