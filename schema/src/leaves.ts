import type { Node, NodeType, Schema } from '@tiptap/pm/model';
import type { AttributeValue } from './content.ts';

/** The levels that a heading can have; a first block of level 1 is the document's title. */
export const HEADING_LEVELS = [1, 2, 3] as const;

/** What a block of text is, apart from its frame. */
export interface TextKind {
  readonly kind: 'paragraph' | 'heading' | 'code';
  /** Of a heading; 1 elsewhere. */
  readonly level: number;
  /** Of code; null elsewhere, and where none is chosen. */
  readonly language: string | null;
}

/** The language of code that is a formula, in TeX: it is shown as what it means. */
export const MATH_LANGUAGE = 'math';
/** The language of code that is a diagram, in Mermaid's: it is shown as what it draws. */
export const DIAGRAM_LANGUAGE = 'mermaid';
const LANGUAGE = /^[\w+#.-]{1,40}$/;

/** Reads the attributes of a block of text. What is not of the grammar counts as absent. */
export function readTextKind(attributes: Readonly<Record<string, unknown>>): TextKind {
  const { kind, level, language } = attributes;
  if (kind === 'heading') {
    const known = HEADING_LEVELS.find((one) => one === level);
    return { kind, level: known ?? HEADING_LEVELS[HEADING_LEVELS.length - 1] ?? 1, language: null };
  }
  const code = kind === 'code';
  const named = code && typeof language === 'string' && LANGUAGE.test(language);
  return { kind: code ? 'code' : 'paragraph', level: 1, language: named ? language : null };
}

/** What a ProseMirror node is as a block of text; null if it is none. */
export function textKindOf(node: Node): TextKind | null {
  const { level, language } = node.attrs;
  switch (node.type.name) {
    case 'paragraph':
      return readTextKind({});
    case 'heading':
      return readTextKind({ kind: 'heading', level });
    case 'codeBlock':
      return readTextKind({ kind: 'code', language });
    default:
      return null;
  }
}

/** The attributes by which `wanted` differs from `present`; null removes one. */
export function kindChanges(present: TextKind, wanted: TextKind): Map<string, AttributeValue | null> {
  const changes = new Map<string, AttributeValue | null>();
  if (present.kind !== wanted.kind) changes.set('kind', wanted.kind === 'paragraph' ? null : wanted.kind);
  if (wanted.kind === 'heading' && (present.kind !== 'heading' || present.level !== wanted.level))
    changes.set('level', wanted.level);
  if (wanted.kind === 'code' && present.language !== wanted.language)
    changes.set('language', wanted.language);
  return changes;
}

/** The ProseMirror node type of a block of text, with its attributes. */
export function nodeTypeOf(
  schema: Schema,
  { kind, level, language }: TextKind,
): { type: NodeType; attrs: Record<string, unknown> | null } {
  const found = { paragraph: 'paragraph', heading: 'heading', code: 'codeBlock' }[kind];
  const type = schema.nodes[found];
  if (!type) throw new Error(`The schema has no ${found}.`);
  return { type, attrs: kind === 'heading' ? { level } : kind === 'code' ? { language } : null };
}
