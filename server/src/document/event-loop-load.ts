import { performance } from 'node:perf_hooks';

/** How long one measurement stands, ms. */
const SAMPLE_MS = 50;

/** A function that tells how busy this thread's event loop was lately, 0 to 1. */
export function eventLoopLoad(): () => number {
  let began = performance.eventLoopUtilization();
  let sampledAt = performance.now();
  let load = 0;
  return () => {
    const now = performance.now();
    if (now - sampledAt >= SAMPLE_MS) {
      const current = performance.eventLoopUtilization();
      load = performance.eventLoopUtilization(current, began).utilization;
      began = current;
      sampledAt = now;
    }
    return load;
  };
}
