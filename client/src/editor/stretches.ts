/** Children of a stretch when it is made; with more than twice as many it is divided. */
const CHILDREN = 32;
/** Children of the first and of the last one, which are always laid out; with more than twice as many they are divided. */
const EDGE = 4;
/** Lines that a child is taken to have until it was laid out once. */
const LINES = 4;

export type Child = Element | Text;

/** Children that stand together, and their slot; null: it is to be made. */
interface Run {
  slot: HTMLSlotElement | null;
  readonly children: Child[];
}

/**
 * Shows the children of an element in stretches of some each, which the browser lays out only near to the screen
 * (`::part(stretch)` in the styles; `content-visibility`, CSS Containment 2). A browser's work for each frame goes
 * through all that is contained by itself, so containing single blocks costs nearly as much as it saves; and whoever
 * made the children counts on their being the element's own. So they stay where they are, and are slotted (DOM, "manual"
 * slot assignment) into a shadow tree that has the stretches. The first and the last (`::part(edge)`) are always laid
 * out: Chromium puts a caret that goes to the end of a text at the beginning of what is not. So are those around the
 * caret (`near-caret`); where somebody writes they are fine (`fine-stretches`).
 */
export class Stretches {
  readonly #host: HTMLElement;
  /** What has the stretches, and is written in as their host is. */
  readonly #all: Element;
  readonly #changes: MutationObserver;

  constructor(host: HTMLElement) {
    this.#host = host;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', slotAssignment: 'manual' });
    this.#all = root.firstElementChild ?? root.appendChild(document.createElement('div'));
    this.#all.part.value = 'stretches';
    this.#changes = new MutationObserver(() => this.#assign());
    this.#changes.observe(host, { childList: true });
    this.#assign();
  }

  /** Gives new children their places, before anybody asks where they are: without one a child is not shown. */
  update(): void {
    if (this.#changes.takeRecords().length > 0) this.#assign();
  }

  destroy(): void {
    this.#changes.disconnect();
  }

  #assign(): void {
    const slots = [...this.#all.querySelectorAll('slot')];
    const runs = this.#runs(slots).flatMap(divided);
    shortenEdge(runs, 0);
    shortenEdge(runs, -1);
    const kept = new Set(runs.map(({ slot }) => slot));
    for (const slot of slots) if (!kept.has(slot)) slot.remove();
    let before: HTMLSlotElement | null = null;
    for (const [index, { slot, children }] of runs.entries()) {
      const shown: HTMLSlotElement = slot ?? madeStretch(`${children.length * LINES}lh`);
      if (slot === null) this.#all.insertBefore(shown, before ? before.nextSibling : this.#all.firstChild);
      before = shown;
      // Whatever else it is stays (near-caret).
      const isEdge = index === 0 || index === runs.length - 1;
      shown.part.toggle('edge', isEdge);
      shown.part.toggle('stretch', !isEdge);
      if (!isSame(shown.assignedNodes(), children)) shown.assign(...children);
    }
  }

  /** The children in order, by the slots that they have; one that has none, or an earlier one, stands with what is before it, the first with what is behind. */
  #runs(slots: readonly HTMLSlotElement[]): Run[] {
    const places = new Map(slots.map((slot, index) => [slot, index]));
    const runs: Run[] = [];
    let reached = -1;
    for (const child of this.#host.childNodes) {
      if (!(child instanceof Element || child instanceof Text)) continue;
      const slot = child.assignedSlot;
      const place = (slot && places.get(slot)) ?? -1;
      const last = runs.at(-1);
      if (last && (place <= reached || last.slot === null || hasMarginBehind(child.previousSibling))) {
        last.children.push(child);
        last.slot ??= slot;
      } else runs.push({ slot: (place > reached && slot) || null, children: [child] });
      reached = Math.max(reached, place);
    }
    return runs;
  }
}

/**
 * A stretch that is as high (CSS <length>) until it was laid out once. That is not told again when it has other children:
 * a browser would not keep the place then of who reads in it (CSS Scroll Anchoring 1, 2.2.2).
 */
export function madeStretch(height: string): HTMLSlotElement {
  const slot = document.createElement('slot');
  slot.style.containIntrinsicBlockSize = `auto ${height}`;
  return slot;
}

/**
 * The margins of two neighbours are one, and would be two where a stretch ends between them; few blocks have one behind them: a line
 * across and, for fingers, a table, also as the last of what is around them.
 */
export function hasMarginBehind(node: Node | null): boolean {
  for (let at = node; at instanceof Element; at = at.lastElementChild)
    if (at.matches('hr, .tableWrapper')) return true;
  return false;
}

function divided(run: Run): Run[] {
  const { slot, children } = run;
  if (children.length <= 2 * CHILDREN) return [run];
  const parts: Run[] = [];
  for (const child of children) {
    const last = parts.at(-1);
    if (last && (last.children.length < CHILDREN || hasMarginBehind(child.previousSibling)))
      last.children.push(child);
    else parts.push({ slot: last ? null : slot, children: [child] });
  }
  return parts;
}

/** What an edge does not need stands in the stretch beside it; in one of its own where that has enough. */
function shortenEdge(runs: Run[], end: 0 | -1): void {
  const children = runs.at(end)?.children ?? [];
  if (children.length <= 2 * EDGE) return;
  let at = end === 0 ? EDGE : children.length - EDGE;
  while (at < children.length && hasMarginBehind(children[at - 1] ?? null)) at += 1;
  if (at === children.length) return;
  const rest = end === 0 ? children.splice(at) : children.splice(0, at);
  const beside = runs.length > 2 ? runs.at(end === 0 ? 1 : -2)?.children : undefined;
  if (!beside || beside.length >= CHILDREN)
    runs.splice(end === 0 ? 1 : -1, 0, { slot: null, children: rest });
  else if (end === 0) beside.unshift(...rest);
  else beside.push(...rest);
}

function isSame(one: readonly Node[], other: readonly Node[]): boolean {
  return one.length === other.length && one.every((node, index) => node === other[index]);
}
