/** A longer source is not drawn, UTF-16 units. */
export const LONGEST_SOURCE = 20_000;
/** How long one drawing may take before it is stopped, ms. */
export const DRAW_MS = 5_000;
/** How long the frame that draws may take to come, over a slow network, ms. */
export const LOAD_MS = 60_000;
/** A frame that was loaded and did not greet for so long is none of ours, ms. */
export const GREET_MS = 2_000;
/** After so long without work the frame goes, and its memory, ms. */
export const IDLE_MS = 60_000;
/** A larger drawing is not shown: SVG, UTF-16 units. */
export const LARGEST_DRAWING = 1024 * 1024;
/** The widest and the highest that a drawing can be, px. */
export const LARGEST_SIDE = 20_000;
/** Drawings that are kept for when they are asked for again. */
export const MOST_KEPT = 20;
/** How long a person stops typing before the drawing follows, ms. */
export const PAUSE_MS = 400;
