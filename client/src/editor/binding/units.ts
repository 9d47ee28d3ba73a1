import { atomOf } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';

/** Codes of units that are no characters. */
export const BEGIN = -1;
export const END = -2;
/** Whole blocks, tables and things in a text have codes from here downwards. */
const FIRST_THING = -3;

/**
 * Blocks as a row of units, the way they lie in the flow: the beginning of each block, its characters (a line break
 * is a newline) and its end. Each unit is one position of the ProseMirror document.
 */
export interface Units {
  readonly codes: readonly number[];
  /** The position before each unit in the ProseMirror document, rising. */
  readonly positions: readonly number[];
  /** Which of the blocks each unit belongs to. */
  readonly owners: readonly number[];
}

/** Numbers for things, the same for the same thing: one for both sides that are compared. */
export type Things = Map<string, number>;

/** The units of `blocks`. */
export function unitsOf(blocks: readonly PlacedBlock[], things: Things): Units {
  const codes: number[] = [];
  const positions: number[] = [];
  const owners: number[] = [];
  const thing = (name: string) => {
    const code = things.get(name) ?? FIRST_THING - things.size;
    things.set(name, code);
    return code;
  };
  blocks.forEach(({ node, pos }, owner) => {
    const add = (code: number, at: number) => {
      codes.push(code);
      positions.push(at);
      owners.push(owner);
    };
    const name: unknown = node.attrs['ref'] ?? node.attrs['src'];
    if (!node.isTextblock) return add(thing(`${node.type.name} ${String(name)}`), pos);
    add(BEGIN, pos);
    node.forEach((child, offset) => {
      const at = pos + 1 + offset;
      const { text } = child;
      if (text !== undefined)
        for (let index = 0; index < text.length; index += 1) add(text.charCodeAt(index), at + index);
      else if (child.type.name === 'hardBreak') add(10, at);
      else add(thing(`${child.type.name} ${JSON.stringify(atomOf(child) ?? child.attrs['ref'])}`), at);
    });
    add(END, pos + node.nodeSize - 1);
  });
  return { codes, positions, owners };
}

/** How many units lie before `position`. */
export function unitsBefore({ positions }: Units, position: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? Infinity) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
