/** Whether an operation can run on a server at all, as far as the tests around it tell. */
import { dialects, type Dialect } from "../sql/action.ts";
import type { Context, Operation } from "./revision.ts";

/**
 * False only where a test of the dialect keeps the operation from running there, or where it goes to a database that the
 * revision names itself: what is meant for another server is nothing to judge this one by.
 */
export const appliesTo = (
  { context, otherDatabase }: Pick<Operation, "context" | "otherDatabase">,
  dialect: Dialect,
): boolean => otherDatabase !== true && context.every((one) => isFor(one, dialect));

/** False for what only an offline script does (`alembic upgrade --sql`), which never reaches a server. */
export const isOnline = ({ context }: Pick<Operation, "context">): boolean =>
  context.every((one) => one.kind !== "branch" || one.on !== "offline" || one.negated === true);

export function isFor(context: Context, dialect: Dialect): boolean {
  if (context.kind !== "branch" || context.on !== "dialect" || context.dialects === undefined) return true;
  // SQLAlchemy calls a server of MariaDB by either name.
  const family = dialect === "mariadb" ? ["mariadb", "mysql"] : [dialect];
  // A name that is no dialect (a variable, a typing slip) proves nothing about this one.
  if (!context.dialects.every((name) => (dialects as readonly string[]).includes(name))) return true;
  return family.some((name) => context.dialects?.includes(name)) !== (context.negated ?? false);
}
