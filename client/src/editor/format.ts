import ClearFormat from '@lucide/svelte/icons/remove-formatting';
import Highlighter from '@lucide/svelte/icons/highlighter';
import Subscript from '@lucide/svelte/icons/subscript';
import Superscript from '@lucide/svelte/icons/superscript';
import AlignCenter from '@lucide/svelte/icons/text-align-center';
import AlignEnd from '@lucide/svelte/icons/text-align-end';
import AlignJustify from '@lucide/svelte/icons/text-align-justify';
import AlignStart from '@lucide/svelte/icons/text-align-start';
import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Heading1 from '@lucide/svelte/icons/heading-1';
import Heading2 from '@lucide/svelte/icons/heading-2';
import Heading3 from '@lucide/svelte/icons/heading-3';
import Info from '@lucide/svelte/icons/info';
import Italic from '@lucide/svelte/icons/italic';
import List from '@lucide/svelte/icons/list';
import ListCollapse from '@lucide/svelte/icons/list-collapse';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import ListTodo from '@lucide/svelte/icons/list-todo';
import Redo from '@lucide/svelte/icons/redo-2';
import SquareCode from '@lucide/svelte/icons/square-code';
import Strikethrough from '@lucide/svelte/icons/strikethrough';
import Table from '@lucide/svelte/icons/table';
import TextQuote from '@lucide/svelte/icons/text-quote';
import Underline from '@lucide/svelte/icons/underline';
import Undo from '@lucide/svelte/icons/undo-2';
import type { ChainedCommands, Editor } from '@tiptap/core';
import type { Component } from 'svelte';
import type { Alignment } from '@sheaf/schema';
import type { Words } from '../words/en.ts';
import { alignmentAt } from './style/text-style.ts';

/** A button of the format bar. */
export interface Format {
  /** Names it in the messages; stable, for tests. */
  readonly id: keyof Words['commands'];
  /** Keys as `aria-keyshortcuts` wants them. */
  readonly keys: string;
  readonly icon: Component<{ size?: number }>;
  /** Whether it applies to the selection; undefined for what is no state, such as undo. */
  readonly active?: (editor: Editor) => boolean;
  /** Whether it would do something at the selection. Asked at every key, so it looks and does not try. */
  readonly able: (editor: Editor) => boolean;
  readonly run: (chain: ChainedCommands) => ChainedCommands;
  /** Starts a group. */
  readonly first?: boolean;
}

const always = () => true;
const outsideCode = ({ state }: Editor) => state.selection.$from.parent.type.spec.code !== true;

const heading = (level: 1 | 2 | 3, icon: Format['icon']): Format => ({
  id: `heading-${level}`,
  keys: `Control+Alt+${level}`,
  icon,
  active: (editor) => editor.isActive('heading', { level }),
  able: always,
  run: (chain) => chain.toggleHeading({ level }),
  first: level === 1,
});

const script = (position: 'sub' | 'super', icon: Format['icon']): Format => ({
  id: `${position}script`,
  keys: position === 'sub' ? 'Control+,' : 'Control+.',
  icon,
  active: (editor) => editor.isActive('script', { position }),
  able: outsideCode,
  run: (chain) => chain.toggleScript(position),
});

const alignment = (align: Alignment | null, key: string, icon: Format['icon']): Format => ({
  id: `align-${align ?? 'start'}`,
  keys: `Control+Shift+${key}`,
  icon,
  active: (editor) => alignmentAt(editor) === align,
  able: outsideCode,
  run: (chain) => chain.setAlignment(align),
  first: align === null,
});

/** The format bar from start to end. */
export const FORMATS: readonly Format[] = [
  {
    id: 'undo',
    keys: 'Control+Z',
    icon: Undo,
    able: (editor) => editor.can().undo(),
    run: (chain) => chain.undo(),
  },
  {
    id: 'redo',
    keys: 'Control+Shift+Z',
    icon: Redo,
    able: (editor) => editor.can().redo(),
    run: (chain) => chain.redo(),
  },
  {
    id: 'bold',
    keys: 'Control+B',
    icon: Bold,
    active: (editor) => editor.isActive('bold'),
    able: outsideCode,
    run: (chain) => chain.toggleBold(),
    first: true,
  },
  {
    id: 'italic',
    keys: 'Control+I',
    icon: Italic,
    active: (editor) => editor.isActive('italic'),
    able: outsideCode,
    run: (chain) => chain.toggleItalic(),
  },
  {
    id: 'underline',
    keys: 'Control+U',
    icon: Underline,
    active: (editor) => editor.isActive('underline'),
    able: outsideCode,
    run: (chain) => chain.toggleUnderline(),
  },
  {
    id: 'strike',
    keys: 'Control+Shift+S',
    icon: Strikethrough,
    active: (editor) => editor.isActive('strike'),
    able: outsideCode,
    run: (chain) => chain.toggleStrike(),
  },
  {
    id: 'code',
    keys: 'Control+E',
    icon: Code,
    active: (editor) => editor.isActive('code'),
    able: outsideCode,
    run: (chain) => chain.toggleCode(),
  },
  script('sub', Subscript),
  script('super', Superscript),
  {
    id: 'highlight',
    keys: 'Control+Shift+H',
    icon: Highlighter,
    active: (editor) => editor.isActive('highlight'),
    able: outsideCode,
    run: (chain) => chain.toggleHighlight('yellow'),
  },
  {
    id: 'clear-format',
    keys: 'Control+\\',
    icon: ClearFormat,
    able: outsideCode,
    run: (chain) => chain.clearFormatting(),
  },
  heading(1, Heading1),
  heading(2, Heading2),
  heading(3, Heading3),
  {
    id: 'bullet-list',
    keys: 'Control+Shift+8',
    icon: List,
    active: (editor) => editor.isActive('bulletList'),
    able: outsideCode,
    run: (chain) => chain.toggleBulletList(),
    first: true,
  },
  {
    id: 'ordered-list',
    keys: 'Control+Shift+7',
    icon: ListOrdered,
    active: (editor) => editor.isActive('orderedList'),
    able: outsideCode,
    run: (chain) => chain.toggleOrderedList(),
  },
  {
    id: 'task-list',
    keys: 'Control+Shift+9',
    icon: ListTodo,
    active: (editor) => editor.isActive('taskList'),
    able: outsideCode,
    run: (chain) => chain.toggleTaskList(),
  },
  {
    id: 'quote',
    keys: 'Control+Shift+B',
    icon: TextQuote,
    active: (editor) => editor.isActive('blockquote'),
    able: always,
    run: (chain) => chain.toggleBlockquote(),
  },
  {
    id: 'code-block',
    keys: 'Control+Alt+C',
    icon: SquareCode,
    active: (editor) => editor.isActive('codeBlock'),
    able: always,
    run: (chain) => chain.toggleCodeBlock(),
  },
  alignment(null, 'L', AlignStart),
  alignment('center', 'E', AlignCenter),
  alignment('end', 'R', AlignEnd),
  alignment('justify', 'J', AlignJustify),
  {
    id: 'callout',
    keys: 'Control+Alt+O',
    icon: Info,
    active: (editor) => editor.isActive('callout'),
    able: always,
    run: (chain) => chain.toggleContainer('callout'),
  },
  {
    id: 'toggle',
    keys: 'Control+Alt+G',
    icon: ListCollapse,
    active: (editor) => editor.isActive('toggle'),
    able: outsideCode,
    run: (chain) => chain.toggleContainer('toggle'),
  },
  {
    id: 'table',
    keys: 'Control+Alt+T',
    icon: Table,
    able: (editor) => !editor.isActive('table'),
    run: (chain) => chain.insertTable(),
  },
];
