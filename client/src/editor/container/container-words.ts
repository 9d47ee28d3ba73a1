import type { Words } from '../../words/en.ts';

/** What callouts and toggles say. */
export type ContainerWords = Words['container'];
