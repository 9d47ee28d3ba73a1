import { blocksOf, documentOf, KnownContainers } from '@sheaf/schema';
import type { PlacedBlock } from '@sheaf/schema';
import type { Node, ResolvedPos, Schema } from '@tiptap/pm/model';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import type { EditorState, Selection, Transaction } from '@tiptap/pm/state';
import { cellAround, CellSelection, inSameTable } from '@tiptap/pm/tables';
import type { StepMap } from '@tiptap/pm/transform';
import type * as Y from 'yjs';
import { anchorAt, blockAnchorAt, resolveAnchor } from './anchor.ts';
import type { Anchor, Shown, Side } from './anchor.ts';
import { FlowModel } from './flow-model.ts';
import { dropCopies } from './drop-copies.ts';
import { lastUpTo } from './first-units.ts';
import type { FirstUnits } from './first-units.ts';
import type { Stretch } from './moved.ts';
import type { Outranked } from './outranked.ts';
import type { Told } from './rank.ts';
import { inFlow } from './region.ts';
import { showDocument } from './show.ts';
import { sameButTexts, showTexts } from './show-texts.ts';
import { retext, storedBlocks } from './shown.ts';
import type { StoredBlock } from './shown.ts';
import { UnitSet } from './unit-set.ts';
import { isWhole, makeWhole, writeChange } from './write.ts';
import { writeTyped } from './write-typed.ts';
import type { ReplacedRange } from './write-typed.ts';

/** What shows the document: an EditorView, or a state in a test. */
export interface Page {
  readonly state: EditorState;
  dispatch(transaction: Transaction): void;
}

/** A selection that stays with its surroundings. */
export interface AnchoredSelection {
  readonly anchor: Anchor;
  readonly head: Anchor;
  /** It is of the block without text behind which its head is. */
  readonly block?: true;
}

/** A range that stays with the words in it: a comment's, as JSON. */
export interface AnchoredRange {
  readonly from: Anchor;
  readonly to: Anchor;
}

export interface FlowBindingOptions {
  /** A root type of a Y.Doc, and its name. */
  readonly flow: Y.Text;
  readonly field: string;
  readonly schema: Schema;
  /** Marks the transactions that show what came from Yjs, so that they are not taken for a person's. */
  readonly mark: (transaction: Transaction) => Transaction;
  /** Called once with an error after which the page no longer shows the document; the binding has stopped. */
  readonly onfail: (error: unknown) => void;
}

/** The origin of transactions that put right what nobody did: undo does not take them back. */
export const REPAIR = { name: 'repair' };

/**
 * Leaves formatting as it was received: behind such a transaction Yjs would look through the whole text for what has become
 * redundant, and delete it, which is a write by who only received.
 */
export function leaveFormatting(transaction: Y.Transaction): void {
  transaction._needFormattingCleanup = false;
}

/**
 * Keeps a ProseMirror document and the flow of a Yjs document equal. What a person does becomes the smallest change
 * of the flow, in one Yjs transaction whose origin is this object; what comes from elsewhere becomes the smallest
 * replacement on the page. It writes only for a document change of the page: opening, focusing, selecting and
 * receiving write nothing.
 */
export class FlowBinding {
  readonly #model: FlowModel;
  readonly #options: FlowBindingOptions;
  readonly #doc: Y.Doc;
  readonly #containers = new KnownContainers();
  /** The document whose containers are known. */
  #known: Node | null = null;
  #document: Node;
  /** The blocks of {@link document}. */
  #blocks: readonly StoredBlock[];
  /** The blocks as they were sorted last. */
  #ordered: { readonly blocks: readonly StoredBlock[]; readonly inFlow: readonly StoredBlock[] } | null =
    null;
  /** The entries of which the page does not show the text yet, and nothing else that changed; null where more did. */
  #texts: Set<number> | null = new Set();
  #page: Page | null = null;
  /** The selection before the change that Yjs is making. */
  #held: AnchoredSelection | null = null;
  /** The selection before the person's change that is being written. */
  #before: AnchoredSelection | null = null;
  /** What was told before the last local transaction. */
  #told: FirstUnits<Told>;

  constructor(options: FlowBindingOptions) {
    const { flow, schema } = options;
    if (!flow.doc) throw new Error('The flow is in no document.');
    // Yjs looks for places from marks that it keeps in a text, without the formatting that holds there. It does
    // without them as soon as formatting comes, but not for a type that was named only after its content came.
    flow._searchMarker = null;
    this.#options = options;
    this.#doc = flow.doc;
    this.#model = new FlowModel(flow, schema);
    this.#told = this.#model.told;
    this.#document = documentOf(schema, this.#model.entries, this.#containers);
    this.#blocks = storedBlocks(this.#model.entries, this.#document, 0);
    this.#doc.on('beforeTransaction', this.#begin);
    this.#doc.on('afterTransaction', this.#end);
  }

  /** The document as the page should show it. */
  get document(): Node {
    return this.#document;
  }

  /** The selection before the person's change that is being written; null at other times. */
  get selectionBefore(): AnchoredSelection | null {
    return this.#before;
  }

  /** What units of the flow were first, by what was told before the last transaction of this page: it may have deleted them. */
  get toldBefore(): FirstUnits<Told> {
    return this.#told;
  }

  get flow(): Y.Text {
    return this.#options.flow;
  }

  /** Shows on `page`, from now on, whatever comes. Its document must be {@link document} or an older one of it. */
  attach(page: Page): void {
    this.#page = page;
    this.#show();
  }

  /** Shows nothing more. */
  destroy(): void {
    this.#page = null;
    this.#doc.off('beforeTransaction', this.#begin);
    this.#doc.off('afterTransaction', this.#end);
  }

  /** Writes what the person changed: from {@link document}, by steps with `maps`, to the page's present document. */
  write(maps: readonly StepMap[], previous: Selection): void {
    const page = this.#page;
    if (!page || page.state.doc === this.#document) return;
    const after = page.state.doc;
    this.#before = this.anchor(previous);
    try {
      if (!this.#writeText(maps, after)) this.#writeBlocks(maps, after);
    } catch (error) {
      this.#fail(error);
    }
    this.#before = null;
  }

  #writeBlocks(maps: readonly StepMap[], after: Node): void {
    const [copies, hidden] = [this.#model.outranked, this.#model.hiddenUnits];
    const placed = blocksOf(after);
    const change = { model: this.#model, before: this.#blocks, after: placed, maps };
    let whole = true;
    this.#doc.transact(() => (whole = makeWhole(change)), this);
    if (!whole) this.#blocks = storedBlocks(this.#model.entries, this.#document, 0);
    this.#doc.transact(() => writeChange({ ...change, before: this.#blocks }), this);
    this.#document = after;
    // What is not shown goes behind what was written, so that blocks which were joined over it are one; and so that
    // it does not appear where the one that counts was deleted.
    this.#drop(copies, hidden);
    this.#show(placed);
  }

  /**
   * Writes what one step did within the text of one block, as most do: without the other blocks, of which there may be thousands.
   * False, and nothing is done, where it may be more.
   */
  #writeText(maps: readonly StepMap[], after: Node): boolean {
    const range = maps.length === 1 && this.#model.isPlain ? onlyRange(maps[0]) : null;
    if (!range) return false;
    const index = lastUpTo(this.#blocks, range.from - 1, ({ pos }) => pos);
    const block = this.#blocks[index];
    const node = block && after.nodeAt(block.pos);
    if (!node || block.entry.type !== 'block' || !isWhole(block.entry)) return false;
    const { entry, frame, pos } = block;
    const ends = { was: pos + block.node.nodeSize, is: pos + node.nodeSize };
    const within = block.node.isTextblock && range.to < ends.was && range.end < ends.is;
    const alone = ends.is - ends.was === after.content.size - this.#document.content.size;
    if (!within || !alone || !node.sameMarkup(block.node)) return false;
    const change = { model: this.#model, before: [block], after: [{ frame, node, pos }], maps };
    this.#doc.transact(() => {
      if (!writeTyped(this.#model, { was: { entry, node: block.node, pos }, is: node, range }))
        writeChange(change);
    }, this);
    retext(this.#blocks, index, node);
    this.#document = after;
    this.#show();
    return true;
  }

  /** The selection on the page; null where the page does not show {@link document}. */
  get selection(): AnchoredSelection | null {
    const state = this.#page?.state;
    return state?.doc === this.#document ? this.anchor(state.selection) : null;
  }

  /** A selection of the page's present document, or of the one before a change that is being written. */
  anchor(
    selection: { readonly anchor: number; readonly head: number },
    side: Side = 'before',
  ): AnchoredSelection {
    const { anchor, head } = selection instanceof CellSelection ? aroundCells(selection) : selection;
    const block = selection instanceof NodeSelection && selection.node.isBlock && selection.node.isLeaf;
    const ends = { anchor: anchorAt(this.#shown, anchor, side), head: anchorAt(this.#shown, head, side) };
    return block ? { ...ends, block } : ends;
  }

  /** The anchor of the block at a position of the page's present document: it leads there wherever the block is moved. */
  blockAnchor(position: number): Anchor {
    return blockAnchorAt(this.#shown, position);
  }

  /** Where a place is now in {@link document}; null if it is none of this document, whatever it claims. */
  resolve(anchor: unknown): number | null {
    return resolveAnchor(this.#shown, anchor);
  }

  /** A range of the page's present document that stays with the words in it: what is typed at its edges is outside. */
  range(from: number, to: number): AnchoredRange {
    return { from: anchorAt(this.#shown, from, 'after'), to: anchorAt(this.#shown, to) };
  }

  /** Where a range is now; null if it is none of this document, whatever it claims. Of words that are gone it is empty. */
  resolveRange(range: unknown): { readonly from: number; readonly to: number } | null {
    if (typeof range !== 'object' || range === null) return null;
    const from = this.resolve(Reflect.get(range, 'from'));
    const to = this.resolve(Reflect.get(range, 'to'));
    return from === null || to === null ? null : { from: Math.min(from, to), to };
  }

  /** Sets the selection of `transaction`, whose document is {@link document}. */
  select(transaction: Transaction, { anchor, head, block }: AnchoredSelection): Transaction {
    const [from, to] = [this.resolve(anchor), this.resolve(head)];
    if (from === null || to === null) return transaction;
    const [$from, $to] = [transaction.doc.resolve(from), transaction.doc.resolve(to)];
    const leaf = block === true && $to.nodeBefore?.isBlock === true && $to.nodeBefore.isLeaf;
    return transaction.setSelection(
      leaf ? NodeSelection.create($to.doc, to - $to.nodeBefore.nodeSize) : selectionBetween($from, $to),
    );
  }

  /** The blocks in the order of the flow, which is another one where there are footnotes. */
  #inFlow(): readonly StoredBlock[] {
    if (this.#ordered?.blocks !== this.#blocks)
      this.#ordered = { blocks: this.#blocks, inFlow: inFlow(this.#blocks) };
    return this.#ordered.inFlow;
  }

  /** Deletes what others have; and of what was not shown, what now would be since the one that was is gone. */
  #drop(before: readonly Outranked[], hidden: readonly Stretch[]): void {
    const copies = [...this.#model.outranked, ...this.#model.appeared(before)];
    const still = new UnitSet(this.#model.hiddenUnits);
    const units = hidden.flatMap((stretch) => still.without(stretch));
    const indexOf = (item: Y.Item) => this.#model.indexOf(item);
    if (copies.length > 0 || units.length > 0)
      this.#doc.transact(() => dropCopies(this.#model.flow, { copies, units, indexOf }), REPAIR);
  }

  get #shown(): Shown {
    return { model: this.#model, blocks: this.#blocks, inFlow: this.#inFlow(), field: this.#options.field };
  }

  #begin = (transaction: Y.Transaction): void => {
    if (transaction.local) this.#told = this.#model.told;
    const selection = this.#page?.state.selection;
    this.#held =
      !transaction.local && selection instanceof TextSelection && this.#page?.state.doc === this.#document
        ? this.anchor(selection)
        : null;
  };

  #end = (transaction: Y.Transaction): void => {
    leaveFormatting(transaction);
    // Yjs's protocol swallows what an observer throws, and the page would go on showing an old text.
    try {
      const reread = this.#model.update(transaction);
      if (!reread) return;
      if (!reread.texts) this.#texts = null;
      for (const index of reread.texts ?? []) this.#texts?.add(index);
      if (!this.#isWriting(transaction)) this.#show();
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Whether the page shows already, or will as soon as it is written, what a transaction of its own does. */
  #isWriting({ origin }: Y.Transaction): boolean {
    return origin === this || (origin === REPAIR && this.#before !== null);
  }

  #fail(error: unknown): void {
    this.destroy();
    this.#options.onfail(error);
  }

  /** Makes the page show what the model holds. `placed`: the blocks of {@link document}. */
  #show(placed: readonly PlacedBlock[] = this.#blocks): void {
    const { entries } = this.#model;
    const page = this.#page;
    const texts = this.#texts;
    this.#texts = new Set();
    if (!page) {
      this.#document = documentOf(this.#options.schema, entries, this.#containers);
      this.#blocks = storedBlocks(entries, this.#document, 0);
      return;
    }
    let { tr } = page.state;
    if (tr.doc !== this.#document || !this.#showTexts(tr, placed, texts)) {
      tr = showDocument(page.state.tr, documentOf(this.#options.schema, entries, this.#containers));
      this.#blocks = storedBlocks(entries, tr.doc, 0);
      keepShown(this.#blocks);
    }
    if (!texts) {
      this.#containers.know(tr.doc, this.#known);
      this.#known = tr.doc;
    }
    this.#document = tr.doc;
    if (!tr.docChanged) return;
    if (this.#held) this.select(tr, this.#held);
    page.dispatch(this.#options.mark(tr));
  }

  /** Shows what differs if that is nothing but texts: of the entries at `texts`, or of any. */
  #showTexts(tr: Transaction, placed: readonly PlacedBlock[], texts: ReadonlySet<number> | null): boolean {
    const { entries } = this.#model;
    if (!texts || placed !== this.#blocks) {
      const blocks = sameButTexts({ before: this.#blocks, placed, entries });
      if (!blocks || !showTexts(tr, blocks)) return false;
      this.#blocks = blocks;
      keepShown(blocks);
      return true;
    }
    const changed: StoredBlock[] = [];
    for (const index of texts) {
      const [block, entry] = [this.#blocks[index], entries[index]];
      if (!block || !entry) return false;
      block.entry = entry;
      changed.push(block);
    }
    if (!showTexts(tr, this.#blocks, texts)) return false;
    keepShown(changed);
    return true;
  }
}

/** Text, or cells where it reaches from one to another. */
function selectionBetween($from: ResolvedPos, $to: ResolvedPos): Selection {
  const [first, last] = [cellAround($from), cellAround($to)];
  const cells = first && last && first.pos !== last.pos && inSameTable(first, last);
  return cells ? new CellSelection(first, last) : TextSelection.between($from, $to);
}

/** The page shows equal nodes: as the same ones they need not be compared again. */
function keepShown(blocks: readonly StoredBlock[]): void {
  for (const { entry, node } of blocks) if (entry.node !== node) entry.node = node;
}

/** Where the only range that a step replaced began and ended, and where it ends now; null if there are none, or several. */
function onlyRange(map: StepMap | undefined): ReplacedRange | null {
  const ranges: ReplacedRange[] = [];
  map?.forEach((from, to, _start, end) => ranges.push({ from, to, end }));
  const [range] = ranges;
  return range && ranges.length === 1 ? range : null;
}

/** Places in the cells with which a selection of cells begins and ends; of a single one, around all that stands in it. */
function aroundCells({ $anchorCell, $headCell }: CellSelection): { anchor: number; head: number } {
  const [anchor, head] = [$anchorCell.pos + 1, $headCell.pos + 1];
  return { anchor, head: anchor === head ? head - 2 + ($headCell.nodeAfter?.nodeSize ?? 2) : head };
}
