import { blocksOf } from '@sheaf/schema';
import type { Transaction } from '@tiptap/pm/state';
import { isFromYjs } from '../binding/extension.ts';
import type { Tools } from '../tools.svelte.ts';
import { moveTo } from './block-commands.ts';
import { LEVEL_WIDTH, targetAt } from './drag.ts';
import type { Point, Target } from './drag.ts';
import { unitAfter } from './rows.ts';
import type { Unit } from './rows.ts';

/** So near to the edge of the text a drag scrolls it, px; and so far each frame, px. */
const EDGE = 48;
const SCROLL = 14;

/** Blocks that are being dragged, by whatever points. */
export class Dragging {
  readonly #tools: Tools;
  readonly #stage: HTMLElement;
  #unit = $state.raw<Unit | null>(null);
  #target = $state.raw<Target | null>(null);
  #point: Point = { x: 0, y: 0 };
  #frame: number | null = null;
  #onlost: () => void = () => undefined;

  constructor(tools: Tools, stage: HTMLElement) {
    this.#tools = tools;
    this.#stage = stage;
  }

  get active(): boolean {
    return this.#unit !== null;
  }

  /** Where they would go now. */
  get target(): Target | null {
    return this.#target;
  }

  /** They go where the pointer goes, whatever others write; `onlost` is called where that, or this person's keyboard, ends it. */
  start(unit: Unit, onlost: () => void): void {
    this.#unit = unit;
    this.#onlost = onlost;
    this.#tools.editor.on('transaction', this.#follow);
  }

  /** Where the pointer is. Near the edges the text goes on scrolling under one that rests. */
  point(at: Point): void {
    this.#point = at;
    this.#aim();
    this.#frame ??= requestAnimationFrame(this.#scroll);
  }

  /** Lets them go; whether they went anywhere. */
  drop(): boolean {
    const [unit, target] = [this.#unit, this.#target];
    this.stop();
    if (!unit || !target) return false;
    const { editor } = this.#tools;
    this.#tools.separate();
    editor.view.dispatch(moveTo(editor.state, unit, target.gap));
    editor.view.focus();
    return true;
  }

  /** They stay where they are. */
  stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#unit = null;
    this.#target = null;
    this.#tools.editor.off('transaction', this.#follow);
  }

  /**
   * Where a finger is: at the height `y`, and `x` aside from where it came down. That was beside the text, so the blocks
   * keep their level until it goes aside.
   */
  pointAside({ x, y }: Point): void {
    const { view, state } = this.#tools.editor;
    const level = blocksOf(state.doc)[this.#unit?.first ?? 0]?.frame.indent ?? 0;
    const { left, right } = view.dom.getBoundingClientRect();
    const rightToLeft = getComputedStyle(view.dom).direction === 'rtl';
    const middle = (level + 0.5) * LEVEL_WIDTH;
    this.point({ x: x + (rightToLeft ? right - middle : left + middle), y });
  }

  #follow = ({ transaction }: { transaction: Transaction }): void => {
    if (!transaction.docChanged || !this.#unit) return;
    this.#unit = isFromYjs(transaction) ? unitAfter(transaction, this.#unit) : null;
    if (this.#unit) return this.#aim();
    this.stop();
    this.#onlost();
  };

  #aim(): void {
    this.#target = this.#unit && targetAt(this.#tools.editor.view, this.#unit, this.#point);
  }

  #scroll = (): void => {
    this.#frame = null;
    const { top, bottom } = this.#stage.getBoundingClientRect();
    const { y } = this.#point;
    const by = y < top + EDGE ? -SCROLL : y > bottom - EDGE ? SCROLL : 0;
    const before = this.#stage.scrollTop;
    if (by !== 0) this.#stage.scrollBy(0, by);
    if (this.#stage.scrollTop === before) return;
    this.#aim();
    this.#frame = requestAnimationFrame(this.#scroll);
  };
}
