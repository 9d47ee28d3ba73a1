import type { Node } from '@tiptap/pm/model';
import type { NodeView } from '@tiptap/pm/view';
import type { CodeTools, JoinedCode } from './code-tools.ts';
import { SourceBlock } from './source-block.ts';
import type { SourceAround } from './source-block.ts';

/** Gets what code has besides its text; null where that is impossible, as without a network. */
export type LoadCodeTools = () => Promise<CodeTools | null>;

/**
 * A block of code on the page, with a head that has room from the start for what comes later: its language, and a button
 * that copies it.
 */
export class CodeBlock extends SourceBlock implements NodeView {
  readonly head: HTMLElement;
  readonly getPos: () => number | undefined;
  readonly #isDrawn: (node: Node) => boolean;
  node: Node;
  #joined: JoinedCode | null = null;
  #over = false;

  constructor(
    node: Node,
    { getPos, load, isDrawn }: SourceAround & { load: LoadCodeTools; isDrawn: (node: Node) => boolean },
  ) {
    const head = document.createElement('div');
    super(head);
    this.dom.prepend(head);
    this.dom.className = 'code-block';
    head.className = 'code-head';
    this.head = head;
    this.node = node;
    this.getPos = getPos;
    this.#isDrawn = isDrawn;
    void load().then((tools) => {
      if (tools && !this.#over) this.#joined = tools.join(this);
    });
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type || this.#isDrawn(node)) return false;
    const changed = node !== this.node;
    this.node = node;
    if (changed) this.#joined?.changed();
    return true;
  }

  stopEvent({ target }: Event): boolean {
    return target instanceof globalThis.Node && this.head.contains(target);
  }

  destroy(): void {
    this.#over = true;
    this.#joined?.leave();
  }
}
