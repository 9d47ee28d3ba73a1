import type { ChainedCommands, Editor } from '@tiptap/core';
import type { Component } from 'svelte';
import type { ViewOption } from '../../state/view-options.svelte.ts';
import type { Words } from '../../words/en.ts';

/** The name of a command: of its messages, of its test id and of its entry in the list. */
export type CommandId = keyof Words['commands'];

export type Icon = Component<{ size?: number }>;

/** What a command can open beside the text. */
export type Panel =
  'link' | 'date' | 'formula' | 'icon' | 'block-menu' | 'find' | 'replace' | 'shortcuts' | 'palette';

/** What a command works on: the editor, and the page around it. */
export interface Target {
  readonly editor: Editor;
  /** Whether there is a step of this person's to take back, or to make again. */
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  open(panel: Panel): void;
  isOn(option: ViewOption): boolean;
  toggle(option: ViewOption): void;
  /** Copies the address of the block with the caret, and says so. */
  copyBlockLink(): void;
  /** Lets the person choose images, or files of any kind, and puts them in. */
  pickFiles(kind: 'image' | 'file'): void;
  /** Lets the person choose a file of Markdown or HTML, and puts in what it holds. */
  importFile(): void;
}

/**
 * Where a command is offered, beside the palette and the sheet of shortcuts, which have them all: the bar, the bubble
 * over a selection, the menu behind a slash and the one that turns blocks, the block's own menu, the document's menu.
 */
export type Place = 'bar' | 'bubble' | 'slash' | 'turn' | 'block' | 'document';

/** Commands of one group stand together, with a line before them. */
export type Group = 'history' | 'mark' | 'heading' | 'list' | 'align' | 'insert' | 'block' | 'view';

/** Something that a person can do with a document. A new block is one entry in the list, and its words. */
export interface Command {
  readonly id: CommandId;
  readonly icon: Icon;
  readonly group: Group;
  readonly places: readonly Place[];
  /** Keys as ProseMirror's keymaps write them: `Mod-Alt-1`. */
  readonly keys?: string;
  /** What can be typed at the beginning of a line instead. */
  readonly typed?: string;
  /** The icon shows a direction, and is turned round where text runs from right to left. */
  readonly mirrored?: boolean;
  /** Whether it applies to the selection; undefined for what is no state, such as undo. */
  readonly active?: (target: Target) => boolean;
  /** Whether it would do something here. It looks and does not try. */
  readonly able: (target: Target) => boolean;
  readonly run: (target: Target) => void;
}

/** Runs a chain of Tiptap's on the editor, which has the focus afterwards. */
export function edit(chained: (chain: ChainedCommands) => ChainedCommands): Command['run'] {
  return ({ editor }) => {
    editor.view.focus();
    chained(editor.chain()).run();
  };
}

export const always: Command['able'] = ({ editor }) => editor.isEditable;

export const outsideCode: Command['able'] = ({ editor }) =>
  editor.isEditable && editor.state.selection.$from.parent.type.spec.code !== true;
