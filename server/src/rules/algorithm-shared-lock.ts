import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Locked extends Found {
  readonly table: string;
  readonly mode: "SHARED" | "EXCLUSIVE";
  readonly asked: boolean;
}

export const algorithmSharedLock = defineRule({
  id: "algorithm-shared-lock",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["mysql", "mariadb"],
  summary: "MySQL or MariaDB makes the change in place, but nobody can write meanwhile.",
  why: `FULLTEXT and SPATIAL indexes, AUTO_INCREMENT columns and a few other changes are made without a copy, but under LOCK=SHARED: reads go on,
writes wait for as long as the table is large.`,
  instead: `Use gh-ost or pt-online-schema-change, which work in the background, or do it in a window in which nobody needs to write.`,
  allowed: [
    "What lets others write, as the server's manual tells.",
    "What copies the table: `algorithm-copy` speaks of it.",
    "Tables that the revision has made itself.",
  ],
  counted: ["`LOCK=SHARED` and `LOCK=EXCLUSIVE`, where a statement asks for them."],
  sources: [
    "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
    "https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-operations-with-the-inplace-alter-algorithm",
  ],
  options: {},
  examples: [
    {
      title: "A search in texts",
      before: `op.execute("CREATE FULLTEXT INDEX ft_users_bio ON users (bio)")
`,
      after: [
        `op.create_index("ix_users_name", "users", ["name"])
`,
      ],
    },
  ],
  catches: [
    { title: "A SPATIAL index", code: `op.execute("ALTER TABLE places ADD SPATIAL INDEX sp (geo)")\n` },
    { title: "A lock that is asked for", code: `op.execute("ALTER TABLE users ADD INDEX ix (name), LOCK=SHARED")\n` },
    {
      title: "A column that counts",
      code: `op.execute("ALTER TABLE users ADD COLUMN n INT AUTO_INCREMENT UNIQUE")\n`,
    },
  ],
  passes: [
    {
      title: "The character set of new columns",
      code: `op.execute("ALTER TABLE users DEFAULT CHARACTER SET utf8mb4")\n`,
    },
    { title: "An ordinary index", code: `op.create_index("ix", "users", ["name"])\n` },
    { title: "LOCK=NONE", code: `op.execute("ALTER TABLE users ADD INDEX ix (name), ALGORITHM=INPLACE, LOCK=NONE")\n` },
    {
      title: "A table of its own",
      code: `op.create_table("t", sa.Column("a", sa.Text()))\nop.execute("CREATE FULLTEXT INDEX ft ON t (a)")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { table, details } = one.operation;
      if (!table || !one.isUnderstood || !one.isOnExistingTable || details.algorithm === "COPY") continue;
      const { impact } = one;
      const clause = details.lockClause;
      const asked = clause === "SHARED" || clause === "EXCLUSIVE" ? clause : undefined;
      const known = impact?.confidence === "certain" && impact.algorithm !== "COPY" ? impact.lock : undefined;
      const mode = asked ?? (known === "NONE" ? undefined : known);
      if (mode === undefined || (asked === undefined && impact?.algorithm === "INSTANT")) continue;
      const locked: Locked = { ...at(one), table: renderName(table), mode, asked: asked !== undefined };
      yield locked;
    }
  },
  message: ({ table, mode, asked }) =>
    `${asked ? `LOCK=${mode}: nobody` : "Nobody"} can ${mode === "SHARED" ? "write to" : "read or write"} "${table}" until this is done.`,
});
