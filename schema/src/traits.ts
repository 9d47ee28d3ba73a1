import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { parseJson } from './mark-tags.ts';
import type { ElementLike } from './opaque.ts';
import { NONE, readSuggestionList, readSuggestions, suggestionChanges } from './suggestions.ts';
import type { BlockSuggestion } from './suggestions.ts';

/** How lines of text can stand, beside the start where they stand by themselves; in the direction of the text. */
export const ALIGNMENTS = ['center', 'end', 'justify'] as const;
/** How lines of text stand. */
export type Alignment = (typeof ALIGNMENTS)[number];

/** How many steps a text can stand in, beside what holds it. */
export const MOST_INSET = 8;
/** How far a step stands in where a page is written for other programs, pt: as far as a tab of theirs. */
export const INSET_STEP = 36;

/** What a block has beside its frame and its kind. */
export interface Traits {
  /** Of paragraphs, headings and images; null: the start. */
  readonly align: Alignment | null;
  /** Of paragraphs and headings: the steps that they stand in, 0 to {@link MOST_INSET}. */
  readonly inset: number;
  /** What is suggested of it, by their ids. */
  readonly suggestions: readonly BlockSuggestion[];
}

const TEXTS = ['paragraph', 'heading'];
const ALIGNED = [...TEXTS, 'image'];
/** The nodes that are elements of the flow, of which something can be suggested. */
const ELEMENTS = [
  ...ALIGNED,
  ...['codeBlock', 'horizontalRule', 'contents', 'file', 'embed', 'opaqueBlock'],
  ...['table', 'tableRow', 'tableCell', 'tableHeader'],
];

/** Reads how lines stand; null if it is none of the ways. */
export function readAlignment(value: unknown): Alignment | null {
  return ALIGNMENTS.find((one) => one === value) ?? null;
}

/** Reads how many steps a text stands in; 0 if it is no such number. */
function readInset(value: unknown): number {
  const isCount = typeof value === 'number' && Number.isInteger(value);
  return isCount && value > 0 && value <= MOST_INSET ? value : 0;
}

/** The same of an attribute in HTML. */
export function readInsetWord(word: string | null): number {
  return word !== null && /^\d$/.test(word) ? readInset(Number(word)) : 0;
}

/** Reads the attributes of an element of the flow that is shown as a node of this type. */
export function readTraits(type: string, attributes: Readonly<Record<string, unknown>>): Traits {
  return {
    align: ALIGNED.includes(type) ? readAlignment(attributes['align']) : null,
    inset: TEXTS.includes(type) ? readInset(attributes['inset']) : 0,
    suggestions: readSuggestions(attributes),
  };
}

/** What a ProseMirror node has of them. */
export function traitsOf({ type, attrs }: Node): Traits {
  const { align, inset, suggestions } = attrs;
  return {
    align: ALIGNED.includes(type.name) ? readAlignment(align) : null,
    inset: TEXTS.includes(type.name) ? readInset(inset) : 0,
    suggestions: suggestions === NONE ? NONE : readSuggestionList(suggestions),
  };
}

/** The attributes by which `wanted` differs from `present`; null removes one. */
export function traitChanges(present: Traits, wanted: Traits): Map<string, string | number | object | null> {
  const changes: Map<string, string | number | object | null> = suggestionChanges(
    present.suggestions,
    wanted.suggestions,
  );
  if (present.align !== wanted.align) changes.set('align', wanted.align);
  if (present.inset !== wanted.inset) changes.set('inset', wanted.inset === 0 ? null : wanted.inset);
  return changes;
}

/** The attributes of the nodes that hold {@link Traits}. */
export const TraitAttributes = Extension.create({
  name: 'traits',
  addGlobalAttributes: () => [
    {
      types: ALIGNED,
      attributes: {
        align: {
          default: null,
          parseHTML: (element: ElementLike) => readAlignment(element.getAttribute('data-align')),
          renderHTML: ({ align }) => {
            const known = readAlignment(align);
            return known === null ? {} : { 'data-align': known };
          },
        },
      },
    },
    {
      types: TEXTS,
      attributes: {
        inset: {
          default: 0,
          parseHTML: (element: ElementLike) => readInsetWord(element.getAttribute('data-inset')),
          // Steps are taken from where the text begins, whichever way it is written.
          renderHTML: ({ inset }) => {
            const steps = readInset(inset);
            return steps === 0 ? {} : { 'data-inset': String(steps), dir: 'auto' };
          },
        },
      },
    },
    {
      types: ELEMENTS,
      attributes: {
        suggestions: {
          default: NONE,
          keepOnSplit: false,
          parseHTML: (element: ElementLike) =>
            readSuggestionList(parseJson(element.getAttribute('data-suggestions'))),
          renderHTML: ({ suggestions }) => {
            const known = readSuggestionList(suggestions);
            return known.length === 0 ? {} : { 'data-suggestions': JSON.stringify(known) };
          },
        },
      },
    },
  ],
});
