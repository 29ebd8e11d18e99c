/** One thread that reads: it reads what it is handed until it is told to stop. */
import { parentPort, workerData } from "node:worker_threads";
import { loadEngine } from "../engine.ts";
import { blockingFiles } from "../files.ts";
import { createBatchReader, type MakeExtra } from "./batches.ts";
import type { Assignment, Batch } from "./messages.ts";

export function serveBatches(makeExtra?: MakeExtra): void {
  const read = createBatchReader(blockingFiles, workerData as Assignment, makeExtra);
  // One after the other, in the order in which they come.
  let last: Promise<unknown> = loadEngine();
  parentPort?.on("message", (batch: Batch) => {
    last = last.then(async () => {
      const answer = await read(batch);
      parentPort?.postMessage(
        answer,
        answer.readings.map(({ bytes }) => bytes.buffer as ArrayBuffer),
      );
    });
  });
}
