/** Shares batches of files out to as many threads as the machine has cores, this one among them. */
import { setImmediate as breathe } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import type { FileSource } from "../../project/ports.ts";
import { createBatchReader, type MakeExtra } from "./batches.ts";
import type { Assignment, Batch, BatchAnswer } from "./messages.ts";

/** What the machine has to offer. */
export interface Threads {
  /** Beside this one. */
  readonly others: number;
  /** Fewer files are read sooner than a thread has started. */
  readonly worthwhile: number;
  start(assignment: Assignment): Worker;
}

/** Small enough that all threads end at about the same time. */
const batchSize = 50;
/** Handed to a thread before it has answered, so that it never waits for this one. */
const ahead = 2;

const cut = (all: Batch): Batch[] =>
  Array.from({ length: Math.ceil(all.length / batchSize) }, (_, i) => all.slice(i * batchSize, (i + 1) * batchSize));

export interface Share {
  /** Undefined: only this one. */
  readonly threads: Threads | undefined;
  readonly files: FileSource;
  readonly assignment: Assignment;
  readonly makeExtra?: MakeExtra | undefined;
}

/** Every batch is taken exactly once. One whose thread fails is not answered: its files are then read as any others are. */
export async function readShared(
  { threads, files, assignment, makeExtra }: Share,
  texts: Batch,
  take: (answer: BatchAnswer) => void,
): Promise<void> {
  const batches = cut(texts);
  const others = threads !== undefined && texts.length >= threads.worthwhile ? threads.others : 0;
  const own = createBatchReader(files, assignment, makeExtra);
  const helpers: Promise<void>[] = [];
  while (threads && helpers.length < others) helpers.push(help(threads.start(assignment), batches, take));
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    take(await own(batch));
    await breathe();
  }
  await Promise.all(helpers);
}

function help(worker: Worker, batches: Batch[], take: (answer: BatchAnswer) => void): Promise<void> {
  let open = 0;
  const hand = (): void => {
    const batch = batches.shift();
    if (batch === undefined) return;
    open++;
    worker.postMessage(batch);
  };
  return new Promise((resolve) => {
    worker.on("message", (answer: BatchAnswer) => {
      open--;
      take(answer);
      hand();
      if (open === 0) void worker.terminate();
    });
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      resolve();
    });
    for (let i = 0; i < ahead; i++) hand();
    if (open === 0) void worker.terminate();
  });
}
