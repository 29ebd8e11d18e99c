/** Entry of the command line's bundle, and of the threads that it starts. */
import { isMainThread } from "node:worker_threads";
import { buildIdentity } from "../host/build-identity.ts";
import { cacheFolder } from "../host/cache-folder.ts";
import { blockingFiles } from "../host/files.ts";
import { gitRepository } from "../host/git.ts";
import { keptFiles } from "../host/kept-files.ts";
import { machineThreads } from "../host/reading/machine.ts";
import { serveBatches } from "../host/reading/worker.ts";
import { aloneAsExtra } from "./alone.ts";
import type { Io } from "./io.ts";
import { createProgress } from "./progress.ts";
import { run } from "./run.ts";
import { saveFile, writeChange } from "./write.ts";

const { stdout, stderr, env } = process;

const folder = cacheFolder();

const threads = machineThreads();

const io: Io = {
  cwd: process.cwd().replaceAll("\\", "/"),
  files: blockingFiles,
  environment: env,
  ...(folder === undefined ? {} : { kept: keptFiles(folder, buildIdentity) }),
  ...(threads ? { threads } : {}),
  repository: gitRepository,
  colours: stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
  ...(stdout.isTTY === true ? { columns: stdout.columns } : {}),
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  ...(stderr.isTTY === true ? { progress: createProgress((text) => void stderr.write(text)) } : {}),
  write: writeChange,
  save: saveFile,
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
else serveBatches(aloneAsExtra);
