import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isOneStatement } from "./statement.ts";

interface Copied extends Found {
  readonly table: string;
  /** The statement asks for it, whatever the server could do else. */
  readonly asked: boolean;
  readonly why: string;
}

export const algorithmCopy = defineRule({
  id: "algorithm-copy",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["mysql", "mariadb"],
  summary: "MySQL or MariaDB copies every row into a new table, and nobody can write meanwhile.",
  why: `Some changes the server can only make by copying the table (ALGORITHM=COPY). Reads go on, writes wait for as long as it takes, and on a
replica the same happens once more.`,
  instead: `Use gh-ost or pt-online-schema-change, which copy in the background. Or add a new column of the new type, write to both, copy the
rows in batches, and drop the old one. From MariaDB 11.2 on most copies let others write.`,
  allowed: [
    "What the server does by itself INSTANT or INPLACE, as its manual tells.",
    "Changes of which not enough is known: an old type or nullability that the history does not tell.",
    "Tables that the revision has made itself.",
  ],
  counted: ["`ALGORITHM=COPY`, where a statement asks for it."],
  sources: [
    "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
    "https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-overview",
  ],
  options: {},
  examples: [
    {
      title: "Another type",
      before: `op.alter_column("users", "age", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True)
`,
      after: [
        `op.add_column("users", sa.Column("age_big", sa.BigInteger()))
`,
      ],
    },
  ],
  catches: [
    {
      title: "A shorter VARCHAR",
      code: `op.alter_column("users", "name", existing_type=sa.String(200), type_=sa.String(50), existing_nullable=True)\n`,
    },
    { title: "Another character set", code: `op.execute("ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4")\n` },
    { title: "A copy that is asked for", code: `op.execute("ALTER TABLE users ADD COLUMN a INT, ALGORITHM=COPY")\n` },
    {
      title: "A foreign key, while they are checked",
      code: `op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"])\n`,
    },
  ],
  passes: [
    {
      title: "A longer VARCHAR",
      code: `op.alter_column("users", "name", existing_type=sa.String(50), type_=sa.String(60), existing_nullable=True)\n`,
    },
    { title: "A new column", code: `op.add_column("users", sa.Column("a", sa.Integer()))\n` },
    {
      title: "Another primary key, by one statement",
      code: `op.execute("ALTER TABLE users DROP PRIMARY KEY, ADD PRIMARY KEY (uid)")\n`,
    },
    {
      title: "A type of which the old one is not known",
      code: `op.execute("ALTER TABLE users MODIFY name VARCHAR(50)")\n`,
    },
    {
      title: "A foreign key while they are not checked",
      code: `op.execute("SET foreign_key_checks = 0")\nop.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"])\n`,
    },
  ],
  *detect({ judged }) {
    for (const [i, one] of judged.entries()) {
      const { table, details, kind } = one.operation;
      if (!table || !one.isUnderstood || !one.isOnExistingTable) continue;
      const { impact } = one;
      const asked = details.algorithm === "COPY";
      const copies = impact?.algorithm === "COPY" && impact.confidence === "certain" && impact.lock !== "NONE";
      if (!asked && !copies) continue;
      // A new primary key comes in the same statement: then the table is written anew in place.
      const isKey = kind === "drop_constraint" && details.constraintType === "primary";
      if (
        !asked &&
        isKey &&
        judged.some((other) => isOneStatement(one, other) && other.operation.kind === "create_primary_key")
      )
        continue;
      if (!asked && kind === "create_foreign_key" && isUnchecked(judged.slice(0, i))) continue;
      const copied: Copied = { ...at(one), table: renderName(table), asked, why: impact?.notes[0] ?? "" };
      yield copied;
    }
  },
  message: ({ table, asked }) =>
    asked
      ? `ALGORITHM=COPY copies every row of "${table}", and nobody can write to it meanwhile.`
      : `The server copies every row of "${table}" for this, and nobody can write to it meanwhile.`,
});

/** The last word about it is that foreign keys are not checked. */
function isUnchecked(
  before: readonly {
    readonly operation: { readonly details: { readonly setting?: { readonly name: string; readonly value?: string } } };
  }[],
): boolean {
  const last = before.findLast(({ operation }) => operation.details.setting?.name === "foreign_key_checks");
  return ["0", "off", "false"].includes(last?.operation.details.setting?.value?.toLowerCase() ?? "");
}
