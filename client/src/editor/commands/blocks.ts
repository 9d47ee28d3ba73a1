import AppWindow from '@lucide/svelte/icons/app-window';
import AtSign from '@lucide/svelte/icons/at-sign';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import Heading1 from '@lucide/svelte/icons/heading-1';
import Heading2 from '@lucide/svelte/icons/heading-2';
import Heading3 from '@lucide/svelte/icons/heading-3';
import ImageIcon from '@lucide/svelte/icons/image';
import Info from '@lucide/svelte/icons/info';
import ListCollapse from '@lucide/svelte/icons/list-collapse';
import Asterisk from '@lucide/svelte/icons/asterisk';
import Table from '@lucide/svelte/icons/table';
import TableOfContents from '@lucide/svelte/icons/table-of-contents';
import List from '@lucide/svelte/icons/list';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import ListTodo from '@lucide/svelte/icons/list-todo';
import Minus from '@lucide/svelte/icons/minus';
import Paperclip from '@lucide/svelte/icons/paperclip';
import Pilcrow from '@lucide/svelte/icons/pilcrow';
import SquareCode from '@lucide/svelte/icons/square-code';
import Sigma from '@lucide/svelte/icons/sigma';
import SquareSigma from '@lucide/svelte/icons/square-sigma';
import TextQuote from '@lucide/svelte/icons/text-quote';
import Workflow from '@lucide/svelte/icons/workflow';
import type { ChainedCommands } from '@tiptap/core';
import { dayOf } from '../atom/day.ts';
import { insertAtom, insertBlock, wordsForAtoms } from '../atom/insert.ts';
import { mixedTexts, toList } from '../block/to-list.ts';
import { leaveLists, toText } from '../block/to-text.ts';
import { endToggles } from '../container/end-toggle.ts';
import { toggleContainer } from '../container/toggle-container.ts';
import type { Container } from '../container/toggle-container.ts';
import { canRefer, noteAround } from '../footnote/footnotes.ts';
import { loadFootnoteTools } from '../footnote/lazy-tools.ts';
import { cardToLink, insertCard, selectedCard, toggleCard } from '../media/embed-commands.ts';
import { DIAGRAM_LANGUAGE, LISTS, MATH_LANGUAGE } from '@sheaf/schema';
import { always, edit, outsideCode } from './command.ts';
import type { Command, Icon } from './command.ts';

/** What a new diagram says. */
const FIRST_DIAGRAM = 'flowchart LR\n  A --> B';

const EVERYWHERE = ['bar', 'slash', 'turn'] as const;

/** Runs a chain that makes what is selected something else: what it begins ends before, as Tiptap's chains lose places by it. */
const turn =
  (chained: (chain: ChainedCommands) => ChainedCommands): Command['run'] =>
  (target) => {
    const { state, view } = target.editor;
    endToggles(state, view.dispatch);
    edit(chained)(target);
  };

const heading = (level: 1 | 2 | 3, icon: Icon): Command => ({
  id: `heading-${level}`,
  icon,
  group: 'heading',
  places: EVERYWHERE,
  keys: `Mod-Alt-${level}`,
  typed: '#'.repeat(level),
  active: ({ editor }) => editor.isActive('heading', { level }),
  able: always,
  run: (target) => {
    const { state, view } = target.editor;
    // An item's text is no heading: where others are made ones, it leaves its list.
    if (mixedTexts(state)) leaveLists(state, view.dispatch);
    turn((chain) => chain.toggleNode('heading', 'paragraph', { level }))(target);
  },
});

type Listed = Pick<Command, 'id' | 'icon' | 'keys' | 'typed' | 'mirrored'>;

const list = (kind: keyof typeof LISTS, of: Listed): Command => ({
  ...of,
  group: 'list',
  places: EVERYWHERE,
  active: ({ editor }) => editor.isActive(LISTS[kind].list),
  able: outsideCode,
  run: (target) => {
    const { state, view } = target.editor;
    view.focus();
    const { list: name, item } = LISTS[kind];
    if (!toList(kind)(state, view.dispatch)) turn((chain) => chain.toggleList(name, item))(target);
  },
});

const container = (name: Container, of: Listed): Command => ({
  ...of,
  group: 'list',
  places: EVERYWHERE,
  active: ({ editor }) => editor.isActive(name),
  able: (target) => always(target) && toggleContainer(name)(target.editor.state),
  run: ({ editor: { state, view } }) => {
    view.focus();
    toggleContainer(name)(state, view.dispatch);
  },
});

/** Text that stands in nothing and is of no kind. */
const isPlain: Command['active'] = ({ editor }) => {
  const { $from } = editor.state.selection;
  return $from.depth === 1 && $from.parent.type.name === 'paragraph';
};

/** What a block can be turned into or what can be put in. */
export const BLOCKS: readonly Command[] = [
  {
    id: 'paragraph',
    icon: Pilcrow,
    group: 'heading',
    places: ['slash', 'turn'],
    keys: 'Mod-Alt-0',
    active: isPlain,
    able: always,
    run: ({ editor: { state, view } }) => {
      view.focus();
      if (!cardToLink(state, view.dispatch)) toText(state, view.dispatch);
    },
  },
  heading(1, Heading1),
  heading(2, Heading2),
  heading(3, Heading3),
  list('bullet', { id: 'bullet-list', icon: List, keys: 'Mod-Shift-8', typed: '-', mirrored: true }),
  list('ordered', { id: 'ordered-list', icon: ListOrdered, keys: 'Mod-Shift-7', typed: '1.' }),
  list('task', { id: 'task-list', icon: ListTodo, keys: 'Mod-Shift-9', typed: '[ ]', mirrored: true }),
  container('blockquote', { id: 'quote', icon: TextQuote, keys: 'Mod-Shift-b', typed: '>', mirrored: true }),
  {
    id: 'code-block',
    icon: SquareCode,
    group: 'list',
    places: EVERYWHERE,
    keys: 'Mod-Alt-c',
    typed: '```',
    active: ({ editor }) => editor.isActive('codeBlock'),
    able: always,
    run: (target) => {
      const { editor } = target;
      if (!editor.isActive('codeBlock')) wordsForAtoms(editor.state, editor.view.dispatch);
      turn((chain) => chain.toggleCodeBlock())(target);
    },
  },
  container('callout', { id: 'callout', icon: Info, keys: 'Mod-Alt-o' }),
  container('toggle', { id: 'toggle', icon: ListCollapse, keys: 'Mod-Alt-g', mirrored: true }),
  {
    id: 'table',
    icon: Table,
    group: 'insert',
    places: ['bar', 'slash'],
    keys: 'Mod-Alt-t',
    able: (target) => always(target) && !target.editor.isActive('table'),
    run: edit((chain) => chain.insertTable()),
  },
  {
    id: 'image',
    icon: ImageIcon,
    group: 'insert',
    places: ['slash'],
    able: always,
    run: (target) => target.pickFiles('image'),
  },
  {
    id: 'file',
    icon: Paperclip,
    group: 'insert',
    places: ['slash'],
    able: always,
    run: (target) => target.pickFiles('file'),
  },
  {
    id: 'embed',
    icon: AppWindow,
    group: 'insert',
    places: ['slash'],
    able: outsideCode,
    run: ({ editor }) => insertCard(editor.view),
  },
  {
    id: 'link-card',
    icon: AppWindow,
    group: 'list',
    places: ['turn'],
    active: ({ editor }) => selectedCard(editor.state) !== null,
    able: (target) => always(target) && toggleCard(target.editor.state),
    run: ({ editor }) => {
      editor.view.focus();
      toggleCard(editor.state, editor.view.dispatch);
    },
  },
  {
    id: 'divider',
    icon: Minus,
    group: 'insert',
    places: ['slash'],
    typed: '---',
    able: outsideCode,
    run: ({ editor }) => {
      editor.view.focus();
      insertBlock('horizontalRule')(editor.state, editor.view.dispatch);
    },
  },
  {
    id: 'contents',
    icon: TableOfContents,
    group: 'insert',
    places: ['slash'],
    mirrored: true,
    able: outsideCode,
    run: ({ editor }) => {
      editor.view.focus();
      insertBlock('contents')(editor.state, editor.view.dispatch);
    },
  },
  {
    id: 'footnote',
    icon: Asterisk,
    group: 'insert',
    places: ['slash'],
    keys: 'Mod-Alt-n',
    typed: '[^1]',
    able: ({ editor: { isEditable, state } }) =>
      isEditable && (canRefer(state.doc, state.selection.to) || noteAround(state) !== null),
    run: ({ editor }) => {
      editor.view.focus();
      void loadFootnoteTools().then((tools) => {
        if (!editor.isDestroyed) tools?.insertFootnote()(editor.state, editor.view.dispatch);
      });
    },
  },
  {
    id: 'date',
    icon: CalendarDays,
    group: 'insert',
    places: ['slash'],
    able: outsideCode,
    run: ({ editor }) => {
      editor.view.focus();
      insertAtom({ type: 'date', date: dayOf(new Date()) })(editor.state, editor.view.dispatch);
    },
  },
  {
    id: 'formula',
    icon: Sigma,
    group: 'insert',
    places: ['slash'],
    typed: '$$x$$',
    able: outsideCode,
    run: (target) => target.open('formula'),
  },
  {
    id: 'formula-block',
    icon: SquareSigma,
    group: 'insert',
    places: ['slash', 'turn'],
    typed: '```math',
    active: ({ editor }) => editor.isActive('codeBlock', { language: MATH_LANGUAGE }),
    able: always,
    run: (target) => {
      const { editor } = target;
      wordsForAtoms(editor.state, editor.view.dispatch);
      turn((chain) => chain.toggleCodeBlock({ language: MATH_LANGUAGE }))(target);
    },
  },
  {
    id: 'diagram',
    icon: Workflow,
    group: 'insert',
    places: ['slash', 'turn'],
    typed: '```mermaid',
    active: ({ editor }) => editor.isActive('codeBlock', { language: DIAGRAM_LANGUAGE }),
    able: always,
    run: (target) => {
      const { editor } = target;
      wordsForAtoms(editor.state, editor.view.dispatch);
      turn((chain) => chain.toggleCodeBlock({ language: DIAGRAM_LANGUAGE }))(target);
      const { parent } = editor.state.selection.$from;
      // Something to begin with, so that there is a picture at once.
      if (parent.type.name === 'codeBlock' && parent.content.size === 0)
        editor.view.dispatch(editor.state.tr.insertText(FIRST_DIAGRAM));
    },
  },
  {
    id: 'mention',
    icon: AtSign,
    group: 'insert',
    places: ['slash'],
    typed: '@',
    able: outsideCode,
    run: ({ editor }) => {
      const { view } = editor;
      view.focus();
      const { $from } = view.state.selection;
      if (/\S$/.test($from.parent.textBetween(0, $from.parentOffset)))
        view.dispatch(view.state.tr.insertText(' '));
      // By itself, as if it were typed: that opens its menu.
      view.dispatch(view.state.tr.insertText('@'));
    },
  },
];
