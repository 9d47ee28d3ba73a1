import { Node, wrappingInputRule } from '@tiptap/core';
import { isNumbering, isStart } from './frame.ts';
import type { ElementLike } from './opaque.ts';

// Lists as Tiptap has them, without what it reads and writes Markdown by: 2 kB that would come before the first letter.
// All of them have their marks where the text begins, whichever way it is written.

/** Items in no order. */
export const BulletList = Node.create({
  name: 'bulletList',
  group: 'block list',
  content: 'listItem+',
  parseHTML: () => [{ tag: 'ul' }],
  renderHTML: ({ HTMLAttributes }) => ['ul', { ...HTMLAttributes, dir: 'auto' }, 0],
  addInputRules() {
    return [wrappingInputRule({ find: /^\s*([-+*])\s$/, type: this.type })];
  },
});

/** Items that are counted. */
export const OrderedList = Node.create({
  name: 'orderedList',
  group: 'block list',
  content: 'listItem+',
  addAttributes: () => ({
    start: {
      default: 1,
      parseHTML: (at: ElementLike) => {
        const start = Number(at.getAttribute('start') ?? 1);
        return isStart(start) ? start : 1;
      },
      renderHTML: ({ start }: Record<string, unknown>) => (start === 1 ? {} : { start }),
    },
    type: {
      default: null,
      parseHTML: (at: ElementLike) => {
        const type = at.getAttribute('type');
        return isNumbering(type) ? type : null;
      },
      renderHTML: ({ type }: Record<string, unknown>) => (type === null || type === '1' ? {} : { type }),
    },
  }),
  parseHTML: () => [{ tag: 'ol' }],
  renderHTML: ({ HTMLAttributes }) => ['ol', { ...HTMLAttributes, dir: 'auto' }, 0],
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^(\d+)\.\s$/,
        type: this.type,
        getAttributes: ([, number]) => ({ start: Number(number) }),
        // A list goes on with the number that is its next; one that counts in letters does not.
        joinPredicate: ([, number], { attrs, childCount }) =>
          [null, '1'].includes(attrs['type']) && childCount + attrs['start'] === Number(number),
      }),
    ];
  },
});

/** What is to be done. */
export const TaskList = Node.create({
  name: 'taskList',
  group: 'block list',
  content: 'taskItem+',
  // Before other lists, which stand in the same element.
  parseHTML: () => [{ tag: 'ul[data-type="taskList"]', priority: 51 }],
  renderHTML: ({ HTMLAttributes }) => ['ul', { ...HTMLAttributes, dir: 'auto', 'data-type': 'taskList' }, 0],
});
