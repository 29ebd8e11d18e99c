/** Reads the revisions of a large project in as many threads as the machine has cores, this one among them. */
import { setImmediate as breathe } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { Witness } from "../../host/recall.ts";
import type { RevisionFile } from "../../model/revision.ts";
import type { FileSource } from "../../project/ports.ts";
import type { ReadMany } from "../../project/readers.ts";
import type { ProjectConfig } from "../../project/snapshot.ts";
import type { Settings } from "../../settings/settings.ts";
import { createBatchReader } from "./batches.ts";
import type { Assignment, Batch, BatchAnswer } from "./messages.ts";
import { restore, type Alone, type Circumstances, type Summary } from "./summary.ts";

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

export interface Parallel {
  readonly readMany: ReadMany;
  /** What a file shows by itself, where that is known already under these circumstances. */
  recall(file: RevisionFile, circumstances: Circumstances): Alone | undefined;
  /** The same file for one use: what is made of it then need not stay in memory with the project. */
  copyOf(file: RevisionFile): RevisionFile | undefined;
}

interface Known {
  readonly circumstances: Circumstances;
  readonly summary: Summary;
}

export function createParallel(
  threads: Threads,
  files: FileSource,
  settingsOf: (config: ProjectConfig) => Promise<Settings>,
): Parallel {
  const known = new WeakMap<RevisionFile, Known>();
  return {
    async readMany({ texts, config, moduleFolders }) {
      const restored = new Map<string, RevisionFile>();
      if (texts.size < threads.worthwhile) return restored;
      const circumstances = { config, settings: await settingsOf(config) };
      const take = ({ summaries, testimony }: BatchAnswer): void => {
        if (files instanceof Witness) files.attest(testimony);
        for (const summary of summaries) {
          const { path } = summary.small;
          const file = restore(summary, texts.get(path) ?? "", circumstances);
          known.set(file, { circumstances, summary });
          restored.set(path, file);
        }
      };
      await share(threads, files, { ...circumstances, moduleFolders }, cut([...texts]), take);
      return restored;
    },
    recall(file, { config, settings }) {
      const found = known.get(file);
      const isSame = found?.circumstances.config === config && found.circumstances.settings === settings;
      return isSame ? found.summary : undefined;
    },
    copyOf(file) {
      const found = known.get(file);
      return found && restore(found.summary, file.text, found.circumstances);
    },
  };
}

const cut = (all: Batch): Batch[] =>
  Array.from({ length: Math.ceil(all.length / batchSize) }, (_, i) => all.slice(i * batchSize, (i + 1) * batchSize));

/** Every batch is taken exactly once. One whose thread fails is not answered: its files are then read as any others are. */
async function share(
  threads: Threads,
  files: FileSource,
  assignment: Assignment,
  batches: Batch[],
  take: (answer: BatchAnswer) => void,
): Promise<void> {
  const own = createBatchReader(files, assignment);
  const helpers = Array.from({ length: threads.others }, () => help(threads.start(assignment), batches, take));
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
