/** Whether a statement is surely meant for the project's own server, so that this one's refusal counts. */
import type { Operation } from "../model/revision.ts";
import type { ProjectConfig } from "../project/snapshot.ts";

/** Under a test of what is not known, or in a `try`, it may be there for another server. */
const mayBeForOthers = ({ context }: Operation): boolean =>
  context.some(
    (one) =>
      one.kind === "try" ||
      (one.kind === "branch" && (one.on === "other" || (one.on === "dialect" && one.dialects === undefined))),
  );

/** Servers that speak PostgreSQL's protocol and more or less than its SQL. */
const relatives = /^\s*(?:cockroachdb|redshift)\b/i;

export const isForServer = (operation: Operation, { dialectFrom, url }: ProjectConfig): boolean =>
  dialectFrom !== "assumed" && !relatives.test(url ?? "") && !mayBeForOthers(operation);

export const isForPostgres = (operation: Operation, config: ProjectConfig): boolean =>
  config.dialect === "postgresql" && isForServer(operation, config);
