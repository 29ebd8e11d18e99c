import type { Log } from "../project/ports.ts";

/** To standard error, which stays free of answers: standard output may be JSON or the protocol. */
export const standardErrorLog: Log = {
  info: () => undefined,
  warn: (message) => void process.stderr.write(`warning: ${message}\n`),
  error: (message) => void process.stderr.write(`error: ${message}\n`),
};
