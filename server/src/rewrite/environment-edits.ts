/** Edits of env.py: a keyword of the call that configures Alembic, a statement on the connection before migrations run. */
import type { RevisionFile } from "../model/revision.ts";
import { findCallAround, migrationRunsOf } from "../model/written.ts";
import { readEnvironment, type Environment } from "../project/env.ts";
import type { Project, ProjectEnvironment } from "../project/snapshot.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { argumentEdits } from "./arguments.ts";
import { newEdit } from "./edit.ts";
import { Refused } from "./refused.ts";

/** @throws Refused where env.py leaves it to other code, or cannot be read */
export function environmentOf({ config: { env } }: Project): ProjectEnvironment {
  if (env === undefined) throw new Refused("The project has no env.py that could be read.");
  if (env.broken !== undefined) throw new Refused("A part of env.py is not valid Python now.");
  if (env.configure === undefined)
    throw new Refused("env.py does not call context.configure() itself, so that it is not known where migrations run.");
  return env;
}

const callOf = (file: RevisionFile, env: Environment): NonNullable<ReturnType<typeof findCallAround>> => {
  const call = env.configure && findCallAround(file, env.configure);
  if (!call) throw new Refused("The call of context.configure() is not found in env.py.");
  return call;
};

/** Read again, the file must say so. */
function proven(
  file: RevisionFile,
  edits: readonly TextEdit[],
  holds: (env: Environment) => boolean,
): readonly TextEdit[] {
  if (!holds(readEnvironment(applyEdits(file.text, edits))))
    throw new Refused("env.py configures Alembic in several ways, and one edit would not reach them all.");
  return edits;
}

export function transactionPerMigrationEdits(file: RevisionFile, env: Environment): readonly TextEdit[] {
  const call = callOf(file, env);
  if (call.arguments.some(({ unpacks }) => unpacks))
    throw new Refused("context.configure() unpacks arguments that are not written there.");
  const edits = argumentEdits(file, { call, values: new Map([["transaction_per_migration", "True"]]) });
  return proven(file, edits, (now) => now.transactionPerMigration === true);
}

/**
 * In the transaction that Alembic begins, and not before: on a connection that has been used Alembic finds a transaction
 * that is not its own, and commits nothing.
 */
export function lockTimeoutEdits(file: RevisionFile, limit: string): readonly TextEdit[] {
  const runs = migrationRunsOf(file);
  if (!runs) throw new Refused("It is not found where env.py runs the migrations that it has configured.");
  if (runs.length === 0) throw new Refused("context.configure() is given no connection that could be asked.");
  const edit = newEdit(file);
  const text = edit.addImport("sqlalchemy.text");
  for (const { connection, statement, indent } of runs) {
    const code = `${connection}.execute(${text}("SET lock_timeout = '${limit}'"))`;
    edit.replace({ start: statement.start, end: statement.start }, `${code}${file.newline}${indent}`);
  }
  return proven(file, edit.build(), ({ timeouts }) =>
    timeouts.some(({ setting, milliseconds }) => setting === "lock_timeout" && milliseconds !== undefined),
  );
}
