/** Colours of carets and faces; white is readable on each, and each is visible on both papers. */
export const PERSON_COLORS = [
  '#2f7d6b',
  '#b3477d',
  '#6a5acd',
  '#a5551f',
  '#2f6fb5',
  '#8a6a00',
  '#bd4a43',
  '#4a7a2c',
] as const;
