import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Threads } from "./threads.ts";

/** More would only take memory: then the disk is what is waited for. */
const mostThreads = 8;

/**
 * The threads that this machine has for reading. Each runs the bundle that this one runs, whose entry serves batches where
 * it is not the main thread. Undefined where there is no other core, or no bundle, as when run from source.
 */
export function machineThreads(bundle = fileURLToPath(import.meta.url)): Threads | undefined {
  const others = Math.min(availableParallelism(), mostThreads) - 1;
  if (others === 0 || !bundle.endsWith(".cjs")) return undefined;
  return {
    others,
    worthwhile: 300,
    start: (assignment) => new Worker(bundle, { workerData: assignment }),
  };
}
