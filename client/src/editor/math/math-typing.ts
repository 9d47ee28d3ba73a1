import { Extension, InputRule } from '@tiptap/core';
import { isFormula, nodeOfAtom } from '@sheaf/schema';

/** Two dollar signs on both sides make a formula in a line. */
export const MathTyping = Extension.create({
  name: 'mathTyping',

  addInputRules: () => [
    new InputRule({
      find: /\$\$([^$\n\ufffc]+)\$\$$/,
      handler: ({ state: { tr, schema }, range, match }) => {
        const tex = match[1]?.trim();
        if (!isFormula(tex)) return null;
        tr.replaceWith(range.from, range.to, nodeOfAtom(schema, { type: 'math', tex }));
        return undefined;
      },
    }),
  ],
});
