import { LARGEST_DRAWING, LARGEST_SIDE } from './limits.ts';

/** What the frame says first, with the port by which all else goes. */
export const GREETING = 'diagrams';

/** What the frame is asked. It draws one at a time, and answers in this order. */
export interface DrawRequest {
  readonly source: string;
  /** In colours for dark paper. */
  readonly dark: boolean;
}

/** A diagram as it is drawn: SVG that stands by itself. */
export interface Drawing {
  readonly svg: string;
  /** px. */
  readonly width: number;
  readonly height: number;
}

/** What the frame answers. */
export type DrawAnswer =
  | { readonly state: 'drawn'; readonly drawing: Drawing }
  /** No kind of diagram that the frame knows; larger than LARGEST_DRAWING or LARGEST_SIDE. */
  | { readonly state: 'unknown' | 'large' }
  /** `line`: where, counted from 1 in what Mermaid reads; `words`: what Mermaid says, in English. */
  | { readonly state: 'wrong'; readonly line: number | null; readonly words: string };

/** Mermaid's words are cut to this, UTF-16 units. */
const LONGEST_WORDS = 200;

/**
 * Reads what the frame says. It draws what strangers wrote, and is believed no more than they are: what is not of the
 * grammar counts as a diagram that could not be drawn.
 */
export function readAnswer(told: unknown): DrawAnswer {
  const { state, svg, width, height, line, words } = fieldsOf(told);
  if (state === 'unknown') return { state };
  if (state === 'drawn' && typeof svg === 'string' && isLength(width) && isLength(height)) {
    const large = svg.length > LARGEST_DRAWING || Math.max(width, height) > LARGEST_SIDE;
    return large ? { state: 'large' } : { state, drawing: { svg, width, height } };
  }
  return {
    state: 'wrong',
    line: typeof line === 'number' && Number.isSafeInteger(line) && line > 0 ? line : null,
    words: typeof words === 'string' ? words.slice(0, LONGEST_WORDS) : '',
  };
}

function fieldsOf(told: unknown): Readonly<Record<string, unknown>> {
  return typeof told === 'object' && told !== null ? Object.fromEntries(Object.entries(told)) : {};
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}
