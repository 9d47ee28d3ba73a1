import { createContext } from 'svelte';
import type { Speech } from './language.ts';

/** The language of the page that a component stands in. It never changes while the page is there. */
export const [getSpeech, setSpeech] = createContext<Speech>();
