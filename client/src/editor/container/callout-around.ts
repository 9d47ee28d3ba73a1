import type { Node, ResolvedPos } from '@tiptap/pm/model';

/** The innermost callout around a place, and where it begins; null if there is none. */
export function calloutAround($place: ResolvedPos): { readonly node: Node; readonly pos: number } | null {
  for (let depth = $place.depth; depth > 0; depth -= 1) {
    const node = $place.node(depth);
    if (node.type.name === 'callout') return { node, pos: $place.before(depth) };
  }
  return null;
}
