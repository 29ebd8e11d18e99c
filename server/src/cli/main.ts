/** Entry of the command line's bundle, and of the threads that it starts. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import { buildIdentity } from "../host/build-identity.ts";
import { cacheFolder } from "../host/cache-folder.ts";
import { blockingFiles } from "../host/files.ts";
import { keptFiles } from "../host/kept-files.ts";
import type { Io } from "./io.ts";
import type { Threads } from "./parallel/threads.ts";
import { serveBatches } from "./parallel/worker.ts";
import { run } from "./run.ts";
import { writeChange } from "./write.ts";

const { stdout, stderr, env } = process;

const folder = cacheFolder();

/** More would only take memory: then the disk is what is waited for. */
const mostThreads = 8;

const threads: Threads = {
  others: Math.min(availableParallelism(), mostThreads) - 1,
  worthwhile: 300,
  start: (assignment) => new Worker(fileURLToPath(import.meta.url), { workerData: assignment }),
};

const io: Io = {
  cwd: process.cwd().replaceAll("\\", "/"),
  files: blockingFiles,
  ...(folder === undefined ? {} : { kept: keptFiles(folder, buildIdentity) }),
  ...(threads.others > 0 ? { threads } : {}),
  colours: stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  write: writeChange,
};

function main(): void {
  // A reader that has seen enough (`retort check | head`) is no error.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  // Not `process.exit`: output to a pipe may still be on its way, and the language server goes on running.
  void run(process.argv.slice(2), io).then((code) => {
    process.exitCode = code;
  });
}

if (isMainThread) main();
else serveBatches();
