/** A language that code can be in. */
export interface Language {
  /** What a document calls it, and a fence in Markdown. */
  readonly id: string;
  /** What people call it; these are the same in every language of the page. */
  readonly name: string;
  /** What else it is called in documents that came from elsewhere. */
  readonly aliases: readonly string[];
}

const language = (id: string, name: string, ...aliases: string[]): Language => ({ id, name, aliases });

/** The languages that are offered, in the order in which they are; all of them are coloured. */
export const LANGUAGES: readonly Language[] = [
  language('bash', 'Bash', 'sh', 'zsh', 'shell', 'console', 'shellsession'),
  language('c', 'C', 'h'),
  language('csharp', 'C#', 'cs', 'c#'),
  language('cpp', 'C++', 'cc', 'c++', 'h++', 'hpp', 'hh', 'hxx', 'cxx'),
  language('clojure', 'Clojure', 'clj', 'edn'),
  language('css', 'CSS'),
  language('dart', 'Dart'),
  language('diff', 'Diff', 'patch'),
  language('dockerfile', 'Dockerfile', 'docker'),
  language('elixir', 'Elixir', 'ex', 'exs'),
  language('erlang', 'Erlang', 'erl'),
  language('fsharp', 'F#', 'fs', 'f#'),
  language('go', 'Go', 'golang'),
  language('graphql', 'GraphQL', 'gql'),
  language('groovy', 'Groovy'),
  language('haskell', 'Haskell', 'hs'),
  language('html', 'HTML', 'xhtml'),
  language('http', 'HTTP', 'https'),
  language('ini', 'INI'),
  language('java', 'Java', 'jsp'),
  language('javascript', 'JavaScript', 'js', 'jsx', 'mjs', 'cjs'),
  language('json', 'JSON', 'jsonc', 'json5'),
  language('julia', 'Julia', 'jl'),
  language('kotlin', 'Kotlin', 'kt', 'kts', 'ktm', 'ktx'),
  language('latex', 'LaTeX', 'tex'),
  language('less', 'Less'),
  language('lua', 'Lua', 'pluto'),
  language('makefile', 'Makefile', 'mk', 'mak', 'make'),
  language('markdown', 'Markdown', 'md', 'mkdown', 'mkd'),
  language('nginx', 'nginx', 'nginxconf'),
  language('nix', 'Nix', 'nixos'),
  language('objectivec', 'Objective-C', 'mm', 'objc', 'obj-c', 'obj-c++', 'objective-c++'),
  language('perl', 'Perl', 'pl', 'pm'),
  language('php', 'PHP'),
  language('powershell', 'PowerShell', 'pwsh', 'ps', 'ps1'),
  language('protobuf', 'Protocol Buffers', 'proto'),
  language('python', 'Python', 'py', 'gyp', 'ipython'),
  language('r', 'R'),
  language('ruby', 'Ruby', 'rb', 'gemspec', 'podspec', 'thor', 'irb'),
  language('rust', 'Rust', 'rs'),
  language('scala', 'Scala'),
  language('scss', 'SCSS'),
  language('sql', 'SQL'),
  language('swift', 'Swift'),
  language('toml', 'TOML'),
  language('typescript', 'TypeScript', 'ts', 'tsx', 'mts', 'cts'),
  language('vbnet', 'Visual Basic .NET', 'vb'),
  language('xml', 'XML', 'rss', 'atom', 'xjb', 'xsd', 'xsl', 'plist', 'wsf', 'svg'),
  language('yaml', 'YAML', 'yml'),
];

/** What documents call text in no language. */
const PLAIN = ['', 'text', 'txt', 'plain', 'plaintext'];

const BY_NAME = new Map(
  LANGUAGES.flatMap((one) => [one.id, ...one.aliases].map((name) => [name, one] as const)),
);

/** The language that a document calls so; null if this version knows none of that name. */
export function languageOf(name: string): Language | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/** Whether a document says by this name that code is in no language. */
export function isPlain(name: string): boolean {
  return PLAIN.includes(name.toLowerCase());
}
