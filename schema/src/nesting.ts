import { Fragment } from '@tiptap/pm/model';
import type { Node, Schema } from '@tiptap/pm/model';
import { calloutLookOf, noteIdOf } from './container-nodes.ts';
import { calloutOf, calloutWord, isNumbering, isStart, openings, OpenFrames, PLAIN } from './frame.ts';
import type { CalloutLook, Frame, ListKind } from './frame.ts';

/** A block: where it stands, and itself, as the ProseMirror node that has no blocks in it. */
export interface Block {
  readonly frame: Frame;
  readonly node: Node;
}

/** A block of a ProseMirror document, with the position before it. */
export interface PlacedBlock extends Block {
  readonly pos: number;
}

/** The nodes of each kind of list. */
export const LISTS: Readonly<Record<Exclude<ListKind, 'toggle'>, { list: string; item: string }>> = {
  bullet: { list: 'bulletList', item: 'listItem' },
  ordered: { list: 'orderedList', item: 'listItem' },
  task: { list: 'taskList', item: 'taskItem' },
};
const KINDS: Readonly<Record<string, Exclude<ListKind, 'toggle'>>> = {
  bulletList: 'bullet',
  orderedList: 'ordered',
  taskList: 'task',
};

/** Whether a block of this kind can begin a list's item; others stand in one behind its first paragraph. */
export function beginsItem(node: Node): boolean {
  return node.type.name === 'paragraph';
}

type Container =
  | { readonly type: 'footnote'; readonly id: string; readonly children: Piece[] }
  | { readonly type: 'root' | 'quote' | 'toggle'; readonly children: Piece[] }
  | { readonly type: 'callout'; readonly look: CalloutLook; readonly children: Piece[] }
  | { readonly type: 'item'; readonly checked: boolean; readonly children: Piece[] };
interface List {
  readonly type: 'list';
  readonly kind: Exclude<ListKind, 'toggle'>;
  readonly start: number;
  readonly numbering: string | null;
  readonly items: Container[];
}
type Piece = { readonly type: 'block'; readonly node: Node } | Container | List;

/**
 * The ProseMirror document that `blocks` come to. Frames that are impossible at their place count as what
 * {@link OpenFrames} makes of them. Inverse to {@link blocksOf}: `blocksOf(documentOf(blocksOf(d)))` is
 * `blocksOf(d)`, and `documentOf(blocksOf(d))` equals `d`, for every `d` of the schema that is no deeper than
 * DEEPEST and whose lists count as {@link isStart} and {@link isNumbering} allow. No blocks come to one empty
 * paragraph, for a document cannot be empty.
 */
export function documentOf(schema: Schema, blocks: readonly Block[], known?: KnownContainers): Node {
  return schema.topNodeType.create(null, contentOf(schema, blocks, { notes: true, known }));
}

/** Lists, items, quotes and the like that were made before: one with the same children and attributes is made once. */
export class KnownContainers {
  readonly #byFirst = new WeakMap<Node, Node>();

  /** The one that is equal to a container with this content, if it is known; else `node` itself, which then is. */
  same(node: Node): Node {
    const first = node.firstChild;
    if (!first) return node;
    const known = this.#byFirst.get(first);
    if (known && known.sameMarkup(node) && haveSameChildren(known, node)) return known;
    this.#byFirst.set(first, node);
    return node;
  }

  /** Makes the containers known that `parent` has and `other` has not: the same children are not looked into. */
  know(parent: Node, other: Node | null): void {
    parent.forEach((node, _offset, index) => {
      const twin = other?.maybeChild(index) ?? null;
      if (node === twin || node.isTextblock || node.isLeaf || !node.firstChild) return;
      this.#byFirst.set(node.firstChild, node);
      this.know(node, twin);
    });
  }
}

function haveSameChildren(one: Node, other: Node): boolean {
  if (one.childCount !== other.childCount) return false;
  for (let index = 0; index < one.childCount; index += 1)
    if (one.child(index) !== other.child(index)) return false;
  return true;
}

/** {@link documentOf} without the document around it; with `notes` false what a table's cell holds. */
export function contentOf(
  schema: Schema,
  blocks: readonly Block[],
  { notes, known }: { readonly notes: boolean; readonly known?: KnownContainers | undefined },
): Node[] {
  const root: Container = { type: 'root', children: [] };
  let open: Container[] = [root];
  let note: string | null = null;
  const frames = new OpenFrames({ notes });
  for (const { frame: stored, node } of blocks) {
    const frame = frames.effective(stored, beginsItem(node));
    frames.enter(frame);
    if (frame.note !== note) {
      note = frame.note;
      const noted: Container | null = note === null ? null : { type: 'footnote', id: note, children: [] };
      if (noted) root.children.push(noted);
      open = [noted ?? root];
    }
    open.length = frame.indent + 1;
    let at = open[frame.indent] ?? open[0] ?? root;
    const begin = (container: Container) => {
      open.push(container);
      at = container;
    };
    const stand = (container: Container) => {
      at.children.push(container);
      begin(container);
    };
    for (const word of openings(frame.opens)) {
      const look = calloutOf(word);
      stand(look ? { type: 'callout', look, children: [] } : { type: 'quote', children: [] });
    }
    if (frame.list === 'toggle') stand({ type: 'toggle', children: [] });
    else if (frame.list !== null) {
      const item: Container = { type: 'item', checked: frame.checked, children: [] };
      listFor(at, frame, frame.list).items.push(item);
      begin(item);
    }
    at.children.push({ type: 'block', node });
  }
  return root.children.length > 0
    ? new Maker(schema, known).nodesOf(root.children)
    : [create(schema, 'paragraph')];
}

function listFor(parent: Container, frame: Frame, kind: List['kind']): List {
  const last = parent.children[parent.children.length - 1];
  if (last?.type === 'list' && last.kind === kind && !frame.apart) return last;
  const list: List = { type: 'list', kind, start: frame.start, numbering: frame.numbering, items: [] };
  parent.children.push(list);
  return list;
}

/** Makes nodes of what the blocks of a document come to. */
class Maker {
  readonly #schema: Schema;
  readonly #known: KnownContainers | undefined;

  constructor(schema: Schema, known: KnownContainers | undefined) {
    this.#schema = schema;
    this.#known = known;
  }

  nodesOf(pieces: readonly Piece[]): Node[] {
    return pieces.map((piece) => {
      if (piece.type === 'block') return piece.node;
      if (piece.type === 'list') {
        const attrs = piece.kind === 'ordered' ? { start: piece.start, type: piece.numbering } : null;
        return this.#create(LISTS[piece.kind].list, attrs, this.#itemsOf(piece));
      }
      const content = this.nodesOf(piece.children);
      if (piece.type === 'footnote') return this.#create('footnote', { id: piece.id }, content);
      if (piece.type === 'callout') return this.#create('callout', { ...piece.look }, content);
      return this.#create(piece.type === 'toggle' ? 'toggle' : 'blockquote', null, content);
    });
  }

  #itemsOf(list: List): Node[] {
    return list.items.map((item) => {
      const attrs = item.type === 'item' && list.kind === 'task' ? { checked: item.checked } : null;
      return this.#create(LISTS[list.kind].item, attrs, this.nodesOf(item.children));
    });
  }

  #create(name: string, attrs: Readonly<Record<string, unknown>> | null, content: Node[]): Node {
    const node = create(this.#schema, name, attrs, content);
    return this.#known?.same(node) ?? node;
  }
}

function create(
  schema: Schema,
  name: string,
  attrs: Readonly<Record<string, unknown>> | null = null,
  content: Node[] = [],
): Node {
  const type = schema.nodes[name];
  if (!type) throw new Error(`The schema has no ${name}.`);
  return type.create(attrs, Fragment.fromArray(content));
}

/**
 * The flat row of blocks that a ProseMirror document, or a cell of a table, consists of; their nodes are its own. A
 * table is one block. `start` is the position where the content of `parent` begins.
 */
export function blocksOf(parent: Node, start = 0): PlacedBlock[] {
  const blocks: PlacedBlock[] = [];
  collect({ parent, start, depth: 0, first: PLAIN, note: null, blocks });
  return blocks;
}

interface Walk {
  readonly parent: Node;
  /** The position where the parent's content begins. */
  readonly start: number;
  /** How many containers the parent's later children stand in. */
  readonly depth: number;
  /** The frame of the parent's first block: what begins with it. */
  readonly first: Frame;
  /** The footnote that the parent is, or stands in. */
  readonly note: string | null;
  readonly blocks: PlacedBlock[];
}

function collect({ parent, start, depth, first, note, blocks }: Walk): void {
  const later: Frame = laterFrame(depth, note);
  parent.forEach((node, offset, index) => {
    const frame = index === 0 ? first : later;
    const pos = start + offset;
    const kind = KINDS[node.type.name];
    if (kind !== undefined) {
      const before = index > 0 ? parent.child(index - 1).type : null;
      const apart = before === node.type;
      collectItems({ parent: node, start: pos + 1, depth, first: { ...frame, apart }, note, blocks }, kind);
    } else if (node.type.name === 'blockquote' || node.type.name === 'callout') {
      const word = node.type.name === 'callout' ? calloutWord(calloutLookOf(node)) : 'quote';
      const opened = { ...frame, opens: frame.opens === '' ? word : `${frame.opens} ${word}` };
      collect({ parent: node, start: pos + 1, depth: depth + 1, first: opened, note, blocks });
    } else if (node.type.name === 'toggle')
      collect({
        parent: node,
        start: pos + 1,
        depth: depth + 1,
        first: { ...frame, list: 'toggle' },
        note,
        blocks,
      });
    else if (node.type.name === 'footnote') {
      const id = noteIdOf(node.attrs['id']);
      collect({ parent: node, start: pos + 1, depth: 0, first: laterFrame(0, id), note: id, blocks });
    } else blocks.push({ frame, node, pos });
  });
}

/** The frame of a block that begins nothing. */
function laterFrame(indent: number, note: string | null): Frame {
  return indent === 0 && note === null ? PLAIN : { ...PLAIN, indent, note };
}

function collectItems({ parent, start, depth, first, note, blocks }: Walk, kind: List['kind']): void {
  const attrs: Readonly<Record<string, unknown>> = parent.attrs;
  const ordered = kind === 'ordered';
  const counted: Frame = {
    ...first,
    start: ordered && isStart(attrs['start']) ? attrs['start'] : 1,
    numbering: ordered && isNumbering(attrs['type']) ? attrs['type'] : null,
  };
  const later = laterFrame(depth, note);
  parent.forEach((item, offset, index) => {
    const checked = item.attrs['checked'] === true;
    const frame: Frame = { ...(index === 0 ? counted : later), list: kind, checked };
    collect({ parent: item, start: start + offset + 1, depth: depth + 1, first: frame, note, blocks });
  });
}
