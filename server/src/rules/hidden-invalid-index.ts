import type { Judged } from "../facts/judged.ts";
import type { Operation } from "../model/revision.ts";
import { tryEdit } from "../rewrite/edit.ts";
import { quoteOf, renderString } from "../rewrite/literal.ts";
import { renderName } from "../sql/action.ts";
import { quoteName } from "../sql/quote.ts";
import { at, defineRule } from "./define.ts";

const buildsIfAbsent = ({ operation: { kind, details } }: Judged): boolean =>
  kind === "create_index" && details.concurrently === true && details.ifNotExists === true;

/** Takes away what a failed attempt has left, or looks for it. */
function clearsAway({ kind, name, touches }: Operation, index: string): boolean {
  if (kind === "drop_index") return name === undefined || name === index;
  return kind === "opaque" || touches.some(({ on }) => on.name.name === "pg_index");
}

/** An index is in the schema of its table. */
function written({ table }: Operation, name: string): string {
  const schema = table?.schema === undefined ? "" : `${quoteName(table.schema, "postgresql")}.`;
  return schema + quoteName(name, "postgresql");
}

export const hiddenInvalidIndex = defineRule({
  id: "hidden-invalid-index",
  group: "correctness",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  reach: "file",
  summary: "CREATE INDEX CONCURRENTLY IF NOT EXISTS keeps the invalid index that a failed attempt has left.",
  why: `When a concurrent build fails, PostgreSQL leaves an index that is marked invalid: no query uses it, and every write still keeps it up. IF NOT EXISTS sees that the name is taken and
does nothing: the second attempt succeeds, and the index stays useless for good. A unique index does not hold for all rows then.`,
  instead: `Drop it first, in the same autocommit block: \`DROP INDEX CONCURRENTLY IF EXISTS\`. Or leave IF NOT EXISTS out, so that the second attempt fails and somebody looks.`,
  allowed: [
    "Where the index is dropped before, or \`pg_index\` is looked at.",
    "IF NOT EXISTS of a plain build, which leaves nothing behind when it fails.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
  options: {},
  examples: [
    {
      title: "An index that may be there",
      before: `with op.get_context().autocommit_block():
    op.create_index(
        "ix_users_email", "users", ["email"], postgresql_concurrently=True, if_not_exists=True
    )
`,
      after: [
        `with op.get_context().autocommit_block():
    op.drop_index(
        "ix_users_email", table_name="users", postgresql_concurrently=True, if_exists=True
    )
    op.create_index(
        "ix_users_email", "users", ["email"], postgresql_concurrently=True, if_not_exists=True
    )
`,
      ],
    },
  ],
  catches: [
    {
      title: "As text",
      code: `with op.get_context().autocommit_block():
    op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (email)")
`,
    },
    {
      title: "After another index was dropped",
      code: `with op.get_context().autocommit_block():
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_other")
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (email)")
`,
    },
  ],
  passes: [
    {
      title: "After the index was dropped",
      code: `with op.get_context().autocommit_block():
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix")
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (email)")
`,
    },
    {
      title: "Without IF NOT EXISTS",
      code: `with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY ix ON users (email)")
`,
    },
    { title: "A plain build", code: `op.execute("CREATE INDEX IF NOT EXISTS ix ON users (email)")\n` },
    {
      title: "Where the catalog is looked at",
      code: `with op.get_context().autocommit_block():
    op.get_bind().execute(sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass"))
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (email)")
`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { name, table } = one.operation;
      if (!buildsIfAbsent(one) || name === undefined || one.operation.confidence === "opaque") continue;
      const before = one.direction.operations.slice(0, one.index);
      if (before.some((operation) => clearsAway(operation, name))) continue;
      yield { ...at(one), judged: one, name, table: table ? renderName(table) : "its table" };
    }
  },
  message: ({ name, table }) =>
    `If an earlier attempt has failed, ${name} is there but invalid: IF NOT EXISTS leaves it so, and no query on ${table} ever uses it.`,
  repair: {
    // An index that is valid is built again.
    safety: "unsafe",
    title: ({ name }) => `Drop what a failed attempt has left of ${name} first`,
    edits: ({ name, judged: { operation } }, { file }) =>
      tryEdit(file, (edit) => {
        const words = edit.addImport("alembic.op");
        edit.insertBefore(
          operation,
          `${words}.execute(${renderString(`DROP INDEX CONCURRENTLY IF EXISTS ${written(operation, name)}`, quoteOf(file))})`,
        );
      }),
  },
});
