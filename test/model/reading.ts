/** What tests of the reader share: a revision around a body, and its operations in a line each. */
import { readRevision } from "../../server/src/model/read.ts";
import type { Context, Direction, Operation, RevisionFile, Statement } from "../../server/src/model/revision.ts";
import type { Dialect } from "../../server/src/sql/action.ts";

export const read = (text: string, dialect: Dialect = "postgresql"): RevisionFile =>
  readRevision("versions/x.py", text, { dialect });

export const revisionWith = (body: string, before = ""): string =>
  `from alembic import op
import sqlalchemy as sa

revision = "b"
down_revision = "a"

${before}
def upgrade():
${body
  .replace(/^\n/, "")
  .replace(/\s+$/, "")
  .split("\n")
  .map((line) => (line === "" ? "" : `    ${line}`))
  .join("\n")}


def downgrade():
    pass
`;

/** The upgrade of a revision whose body is given. */
export function upgradeOf(body: string, before = ""): Direction & { readonly text: string } {
  const text = revisionWith(body, before);
  const [upgrade] = read(text).upgrades;
  if (!upgrade) throw new Error("no upgrade");
  return { ...upgrade, text };
}

export const showContext = (context: Context): string => {
  if (context.kind === "branch") {
    return `${context.negated ? "not " : ""}${context.on}${context.dialects ? `(${context.dialects.join(",")})` : ""}`;
  }
  return context.kind === "loop" ? `loop(${context.over})` : context.kind;
};

/** `update users(name) if dialect(postgresql) via helper`. */
export function show(operation: Operation): string {
  const table = operation.table ? ` ${operation.table.name}` : "";
  const columns = operation.columns.length > 0 ? `(${operation.columns.join(",")})` : "";
  const context = operation.context.length > 0 ? ` if ${operation.context.map(showContext).join(" and ")}` : "";
  const calls = operation.calls.length > 0 ? ` via ${operation.calls.map((call) => call.helper).join(">")}` : "";
  return operation.kind + table + columns + context + calls;
}

export const operationsOf = (body: string, before = ""): readonly string[] =>
  upgradeOf(body, before).operations.map(show);

/** Every statement of a direction, nested ones included, outermost first. */
export const allStatements = (statements: readonly Statement[]): readonly Statement[] =>
  statements.flatMap((statement) => [
    statement,
    ...(statement.compound?.blocks ?? []).flatMap((block) => allStatements(block.statements)),
  ]);
