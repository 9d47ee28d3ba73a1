import { createContext } from 'svelte';
import type { CompanionWords } from './en.ts';

/** What is said of what stands over the page. It never changes while that is there. */
export const [getCompanionWords, setCompanionWords] = createContext<CompanionWords>();
