/** One thread of a check: reads what it is handed until it is told to stop. */
import { parentPort, workerData } from "node:worker_threads";
import { loadEngine } from "../../host/engine.ts";
import { blockingFiles } from "../../host/files.ts";
import { createBatchReader } from "./batches.ts";
import type { Assignment, Batch } from "./messages.ts";

export function serveBatches(): void {
  const read = createBatchReader(blockingFiles, workerData as Assignment);
  const ready = loadEngine();
  // One after the other, in the order in which they come.
  let last: Promise<unknown> = ready;
  parentPort?.on("message", (batch: Batch) => {
    last = last.then(async () => parentPort?.postMessage(await read(batch)));
  });
}
