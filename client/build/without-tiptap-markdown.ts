import type { Plugin, Rolldown } from 'vite';

/** What Tiptap's nodes and marks bring for Tiptap's own Markdown, and for reading marks in what is pasted. */
const UNUSED = new Set([
  'markdownTokenName',
  'markdownTokenizer',
  'markdownOptions',
  'parseMarkdown',
  'renderMarkdown',
  'addPasteRules',
]);
const EXTENSION = /\/node_modules\/@tiptap\/extension-[\w-]+\/dist\/.*\.js$/;

/**
 * Leaves out of Tiptap's nodes and marks what this editor never asks them for: Markdown is read and written by the schema, and what
 * is pasted is read as a whole. A bundler cannot know that, because Tiptap asks for it by name.
 */
export function withoutTiptapMarkdown(): Plugin {
  let found = 0;
  return {
    name: 'without-tiptap-markdown',
    apply: 'build',
    transform: {
      filter: { id: EXTENSION },
      handler(code) {
        const unused = [...unusedIn(this.parse(code))];
        found += unused.length;
        // From behind, so that the places before stay where they are.
        const left = unused.reduceRight((text, { start, end }) => {
          const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
          return text.slice(0, start) + text.slice(end + comma);
        }, code);
        return { code: left, map: null };
      },
    },
    buildEnd(error) {
      if (error === undefined && found === 0)
        throw new Error("Tiptap's extensions have another form: nothing was left out of them.");
    },
  };
}

/** The properties in question, in the order of the text. */
function* unusedIn(
  program: ReturnType<Rolldown.PluginContext['parse']>,
): Generator<{ start: number; end: number }> {
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { init } of statement.declarations) {
      const [options] = init?.type === 'CallExpression' ? init.arguments : [];
      if (options?.type !== 'ObjectExpression') continue;
      for (const property of options.properties)
        if (
          property.type === 'Property' &&
          property.key.type === 'Identifier' &&
          UNUSED.has(property.key.name)
        )
          yield property;
    }
  }
}
