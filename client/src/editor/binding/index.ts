export { bindFlow, isFromYjs } from './extension.ts';
export type { BoundFlow } from './extension.ts';
export { FlowBinding } from './flow-binding.ts';
export type { AnchoredSelection, FlowBindingOptions, Page } from './flow-binding.ts';
