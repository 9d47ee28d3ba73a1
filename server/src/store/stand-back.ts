import { setPriority } from 'node:os';

/** Niceness of threads that read and write the disk: who fans out goes first where they share a core. */
export const BEHIND_FAN_OUT = 5;

/**
 * This thread yields to others of more weight (`niceness` of setpriority(2)). Only Linux has this for a thread alone; elsewhere
 * it would be the whole process, and nothing is done.
 */
export function standBack(niceness: number): void {
  if (process.platform === 'linux') setPriority(0, niceness);
}
