import type { Operation } from "../model/revision.ts";
import { renderDataChange } from "../schema/wording.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isOnPeoplesTable } from "./peoples-tables.ts";

interface Insert extends Found {
  readonly change: string;
}

/** Any test around it may have asked whether the rows are there. */
const isGuarded = ({ context }: Operation): boolean =>
  context.some(
    (one) => one.kind === "try" || (one.kind === "branch" && (one.on === "existence" || one.on === "other")),
  );

export const nonIdempotentInsert = defineRule({
  id: "non-idempotent-insert",
  group: "correctness",
  severity: "information",
  recommended: true,
  reach: "file",
  summary: "Rows are inserted into an existing table without regard to rows that are there.",
  why: `Where somebody has put the row there by hand, where a failed attempt has left it, or where the revision is run again after a downgrade that did not take it away, the INSERT fails on a key, or
the row is there twice.`,
  instead: `Say what is to happen then: \`INSERT … ON CONFLICT DO NOTHING\`, or \`INSERT … SELECT … WHERE NOT EXISTS (…)\`.`,
  allowed: [
    "Tables that the revision creates, or that the same direction has emptied.",
    "ON CONFLICT, ON DUPLICATE KEY, INSERT IGNORE, OR REPLACE and MERGE.",
    "INSERT … SELECT: the query can leave out what is there.",
    "Anything under a test, or in a `try`.",
    "The downgrade: it puts back what the upgrade took.",
  ],
  sources: ["https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT"],
  options: {},
  examples: [
    {
      title: "A role",
      before: `op.execute("INSERT INTO roles (name) VALUES ('auditor')")
`,
      after: [
        `op.execute("INSERT INTO roles (name) VALUES ('auditor') ON CONFLICT DO NOTHING")
`,
      ],
    },
  ],
  catches: [
    {
      title: "`bulk_insert`",
      code: `roles = sa.table("roles", sa.column("name"))\nop.bulk_insert(roles, [{"name": "auditor"}])\n`,
    },
    {
      title: "SQLAlchemy's `insert()`",
      code: `roles = sa.table("roles", sa.column("name"))\nop.execute(roles.insert().values(name="auditor"))\n`,
    },
  ],
  passes: [
    {
      title: "A new table",
      code: `roles = op.create_table("roles", sa.Column("name", sa.String(20)))\nop.bulk_insert(roles, [{"name": "auditor"}])\n`,
    },
    {
      title: "A guard",
      code: `connection = op.get_bind()\nif connection.execute(sa.text("SELECT 1 FROM roles WHERE name = 'auditor'")).first() is None:\n    connection.execute(sa.text("INSERT INTO roles (name) VALUES ('auditor')"))\n`,
    },
    {
      title: "A query that leaves out what is there",
      code: `op.execute("INSERT INTO roles (name) SELECT 'auditor' WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'auditor')")\n`,
    },
  ],
  *detect(subject) {
    for (const one of subject.judged) {
      const { operation, direction } = one;
      const { kind, details } = operation;
      if (direction.name !== "upgrade" || (kind !== "insert" && kind !== "bulk_insert")) continue;
      if (details.source !== "values" || details.onConflict || details.rows === 0 || isGuarded(operation)) continue;
      if (operation.context.some((context) => context.kind === "loop" && context.over !== "constant")) continue;
      if (!isOnPeoplesTable(one, subject)) continue;
      const emptied = direction.operations
        .slice(0, one.index)
        .some(
          (before) =>
            (before.kind === "truncate" || before.kind === "delete") && before.table?.name === operation.table?.name,
        );
      if (emptied) continue;
      const insert: Insert = { ...at(one), change: renderDataChange(operation) };
      yield insert;
    }
  },
  message: ({ change }) => `${change} does not say what happens if the rows are there already.`,
});
