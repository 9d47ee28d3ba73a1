import { Mentions } from './atom/mentions.ts';
import type { Editor } from '@tiptap/core';
import type { Announcer } from '../state/announcer.svelte.ts';
import type { ViewOption, ViewOptions } from '../state/view-options.svelte.ts';
import type { BoundFlow } from './binding/extension.ts';
import type { Panel, Target } from './commands/command.ts';
import type { Following } from './following.svelte.ts';
import type { Highlights } from './highlights.ts';
import type { Imports } from './importing/imports.ts';
import type { MediaFiles } from './media/media-files.ts';
import type { SignTyping } from './typing/sign-typing.ts';

/** Panels that belong to the page and not to one editor. */
export type PagePanel = Extract<Panel, 'shortcuts' | 'palette'>;

/** The signs behind which something is offered. */
interface Signs {
  readonly slash: SignTyping;
  readonly at: SignTyping;
  readonly colon: SignTyping;
}

/** The parts of an editor that its menus work with. */
export interface EditorParts {
  readonly editor: Editor;
  /** What offers something where it is typed. */
  readonly signs: Signs;
  /** Shows what is meant while the text has no focus. */
  readonly kept: Highlights;
  /** Shows what was found. */
  readonly matches: Highlights;
  readonly bound: () => BoundFlow | null;
  /** Calls `then` as soon as the whole document is there and can be written in: now, or once later. */
  readonly whenBound: (then: () => void) => void;
  readonly media: MediaFiles;
  readonly imports: Imports;
}

interface Around {
  readonly options: ViewOptions;
  readonly announcer: Announcer;
  readonly onopen: (panel: PagePanel) => void;
  /** Copies the address of a place in the document (SPEC FLOW-14), and tells that it did. */
  readonly oncopyplace: (anchor: object) => void;
  /** Names of people who have the document open. */
  readonly people: () => readonly string[];
  /** Documents that can be mentioned. */
  readonly documents: () => readonly { readonly name: string; readonly title: string }[];
  /** They are asked for again. */
  readonly ondocuments: () => void;
}

/** An editor with what stands around it: what its menus, bars and keys work on, and which of its panels is open. */
export class Tools implements Target {
  readonly editor: Editor;
  readonly signs: EditorParts['signs'];
  readonly kept: Highlights;
  readonly matches: Highlights;
  readonly bound: EditorParts['bound'];
  readonly #media: MediaFiles;
  readonly #imports: Imports;
  /** Follows others' views; null until it is loaded, behind the document. */
  following = $state.raw<Following | null>(null);
  readonly #around: Around;
  readonly #mentions = new Mentions();
  #panel = $state.raw<Exclude<Panel, PagePanel> | null>(null);

  constructor({ editor, signs, kept, matches, bound, media, imports }: EditorParts, around: Around) {
    this.editor = editor;
    this.signs = signs;
    this.kept = kept;
    this.matches = matches;
    this.bound = bound;
    this.#media = media;
    this.#imports = imports;
    this.#around = around;
  }

  get panel(): Exclude<Panel, PagePanel> | null {
    return this.#panel;
  }

  open(panel: Panel): void {
    if (panel === 'shortcuts' || panel === 'palette') this.#around.onopen(panel);
    else this.#panel = panel;
  }

  close(): void {
    this.#panel = null;
  }

  get canUndo(): boolean {
    return this.bound()?.undo.canUndo === true;
  }

  get canRedo(): boolean {
    return this.bound()?.undo.canRedo === true;
  }

  isOn(option: ViewOption): boolean {
    return this.#around.options.isOn(option);
  }

  toggle(option: ViewOption): void {
    this.#around.options.toggle(option);
  }

  /** What comes next is an undo step of its own. */
  separate(): void {
    this.bound()?.undo.separate();
  }

  copyBlockLink(): void {
    const anchor = this.bound()?.binding.blockAnchor(this.editor.state.selection.from);
    if (anchor) this.#around.oncopyplace(anchor);
  }

  /** Gets what images and files need before somebody puts one in. */
  prepareFiles(): void {
    this.#media.prepare();
  }

  pickFiles(kind: 'image' | 'file'): void {
    this.#media.pick(this.editor.view, kind);
  }

  importFile(): void {
    this.#imports.pick(this.editor.view);
  }

  /** Names of people whom the document knows: who is here, and who is mentioned. */
  people(): string[] {
    return [...new Set([...this.#around.people(), ...this.#mentions.names(this.editor.state.doc)])];
  }

  documents(): readonly { readonly name: string; readonly title: string }[] {
    return this.#around.documents();
  }

  /** Asks for them again: others may have made some since this page was opened. */
  askDocuments(): void {
    this.#around.ondocuments();
  }

  /** Tells politely what was done. */
  announce(text: string): void {
    this.#around.announcer.whisper(text);
  }
}
