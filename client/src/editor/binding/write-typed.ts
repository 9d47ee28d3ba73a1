import type { Node } from '@tiptap/pm/model';
import type { FlowModel } from './flow-model.ts';
import { formattingOf, storable } from './pieces.ts';
import { storedOffset } from './region.ts';
import type { FlowBlock } from './segment.ts';
import { typeBehind } from './type-behind.ts';

/** Where one step replaced something: the positions around it before, and where it ends since. */
export interface ReplacedRange {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** What a step did in a block of text. */
export interface BlockChange {
  readonly was: { readonly entry: FlowBlock; readonly node: Node; readonly pos: number };
  readonly is: Node;
  readonly range: ReplacedRange;
}

/**
 * Writes text of one kind that a step put into a block: as `writeChange` does, without going over each character that the block has,
 * for each letter. To be called in a Yjs transaction. False, and nothing is done, for everything else.
 */
export function writeTyped(model: FlowModel, { was, is, range }: BlockChange): boolean {
  const { entry, node, pos } = was;
  const [offset, length] = [range.from - pos - 1, range.end - range.from];
  const { node: child, offset: begin } = is.childAfter(offset);
  if (range.from !== range.to || child?.text === undefined) return false;
  if (begin + child.nodeSize < offset + length || is.content.size !== node.content.size + length)
    return false;
  const { segment, textAt, textEnd } = entry.at;
  const at = segment.start + (offset < node.content.size ? textAt + storedOffset(entry, offset) : textEnd);
  const text = storable(child.text.slice(offset - begin, offset - begin + length));
  const here = model.formattingBefore(at);
  const formatting = formattingOf(child.marks, here);
  if (!typeBehind(model, { at, text, formatting }, here)) model.flow.insert(at, text, { ...formatting });
  return true;
}
