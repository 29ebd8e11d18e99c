import { bytesOf, longestName } from "../schema/replay/names.ts";
import type { Dialect } from "../sql/action.ts";
import { defineRule } from "./define.ts";
import { namesMade, type Named } from "./made-names.ts";

interface Long extends Named {
  readonly length: number;
  readonly most: number;
}

/** PostgreSQL counts bytes, the others characters. */
const longest: Partial<Record<Dialect, number>> = { postgresql: longestName, mysql: 64, mariadb: 64 };

export const identifierTooLong = defineRule({
  id: "identifier-too-long",
  group: "correctness",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: ["postgresql", "mysql", "mariadb"],
  summary: "A name is longer than the server's names may be.",
  why: `PostgreSQL cuts names of tables and columns at 63 bytes and says so only in a notice: two long names that begin alike become one, and a later revision
does not find what it asks for. For indexes and constraints SQLAlchemy refuses such a name, or shortens it in its own way if it is marked by \`op.f()\`. MySQL refuses
names of more than 64 characters.`,
  instead: `Choose a shorter name, as short as the server keeps.`,
  allowed: [
    "SQL text on PostgreSQL, whose names are read as the server cuts them.",
    "Downgrades, which make again what had its name already.",
  ],
  sources: [
    "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
    "https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html",
  ],
  options: {},
  examples: [
    {
      title: "An index whose name says everything",
      before: `op.create_index("ix_orders_customer_id_and_shipping_address_id_and_created_at_and_state", "orders", ["state"])
`,
      after: [
        `op.create_index("ix_orders_customer_address_created_state", "orders", ["state"])
`,
      ],
    },
  ],
  catches: [
    {
      title: "A column",
      code: `op.add_column("users", sa.Column("the_name_of_the_street_in_which_somebody_lived_before_the_last_move", sa.Text()))\n`,
    },
    {
      title: "Letters of several bytes",
      code: `op.create_table("${"ü".repeat(32)}", sa.Column("id", sa.Integer()))\n`,
    },
  ],
  passes: [
    {
      title: "A name of exactly as many bytes",
      code: `op.create_table("${"a".repeat(63)}", sa.Column("id", sa.Integer()))\n`,
    },
    { title: "A long comment", code: `op.create_table_comment("users", "${"a".repeat(80)}")\n` },
  ],
  *detect(subject) {
    const { dialect } = subject.project.config;
    const most = longest[dialect];
    if (most === undefined) return;
    for (const named of namesMade(subject, ["table", "column", "index", "constraint", "type", "view", "sequence"])) {
      const length = dialect === "postgresql" ? bytesOf(named.name) : [...named.name].length;
      if (length > most) yield { ...named, length, most } satisfies Long;
    }
  },
  message: ({ type, name, length, most }) =>
    `The name of the ${type} "${name}" is ${length} long, and the server's names are at most ${most}: it is cut or refused.`,
});
