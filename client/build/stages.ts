import type { Rolldown } from 'vite';

/**
 * What the page of a document fetches until somebody can write in it, in the order in which it is needed; each stage begins
 * with `roots` and is what these import that no stage before has.
 */
const STAGES: readonly { readonly name: string; readonly roots: readonly string[] }[] = [
  { name: 'index', roots: ['src/main.ts'] },
  // With what the list of documents, which comes by itself, shares with a document's page.
  { name: 'app', roots: ['src/app.ts', 'src/ui/SignIn.svelte', 'src/ui/Note.svelte'] },
  { name: 'sessions', roots: ['src/state/sessions.ts', 'src/sync/compactor.ts'] },
  { name: 'document', roots: ['src/pages/DocumentPage.svelte'] },
];

/** The stage that is small because the page can do nothing before it: of it there is one file. */
const FIRST = 'index';

/**
 * One file for each stage, and one for what it has of others, which stays in browsers when only our own code changes. Left to
 * itself the bundler makes a file of whatever the same parts share: 47 of them, each compressed without knowing the others.
 */
export function stages(): Rolldown.CodeSplittingGroup[] {
  let stageOf: ReadonlyMap<string, string> | null = null;
  return STAGES.flatMap(({ name }) => (name === FIRST ? [name] : [librariesOf(name), name])).map(
    (group, index, { length }) => ({
      debugName: group,
      // What one takes the ones behind it leave: so no file needs one of a later stage.
      priority: length - index,
      name: (id, context) => {
        stageOf ??= assign(context);
        return stageOf.get(id) === group ? group : null;
      },
    }),
  );
}

function librariesOf(stage: string): string {
  return `${stage}-libraries`;
}

/** The group of each module that a stage needs. */
function assign(modules: Rolldown.ChunkingContext): Map<string, string> {
  const groups = new Map<string, string>();
  for (const { name, roots } of STAGES) {
    const waiting = roots.map((file) => new URL(`../${file}`, import.meta.url).pathname);
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (groups.has(id)) continue;
      const foreign = name !== FIRST && id.includes('/node_modules/');
      groups.set(id, foreign ? librariesOf(name) : name);
      waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
    }
  }
  return groups;
}
