export { examine } from './examine.ts';
export type { Findings } from './examine.ts';
export { judge } from './verdict.ts';
export type { Problem, Verdict } from './verdict.ts';
