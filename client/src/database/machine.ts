/** The machine that the editor's extensions run on. */
import { hostname, networkInterfaces } from "node:os";
import type { Machine } from "./guard.ts";

export const thisMachine = (environment: NodeJS.ProcessEnv): Machine => ({
  names: [
    hostname(),
    hostname().split(".")[0] ?? "",
    ...Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
  ].filter((name) => name !== ""),
  environment,
});
