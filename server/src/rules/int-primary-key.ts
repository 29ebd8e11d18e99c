import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Narrow extends Found {
  readonly column: string;
}

const narrow = new Set(["integer", "smallint", "serial", "smallserial"]);

export const intPrimaryKey = defineRule({
  id: "int-primary-key",
  group: "correctness",
  severity: "information",
  recommended: false,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A new table has a primary key that ends at 2,147,483,647.",
  why: `Sequences also count what is rolled back or refused, so the end comes long before there are two thousand million rows. Then every INSERT fails, and the way out is a
rewrite of the largest table that there is, with all that points at it.`,
  instead: `Use a bigint: \`sa.Column("id", sa.BigInteger(), primary_key=True)\`. Keys of other tables that point at it are bigint as well.`,
  allowed: [
    "Keys of several columns, keys that point at another table, and keys that are no numbers.",
    "A small list of fixed rows, as of countries: allow the rule there with that reason.",
  ],
  sources: ["https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT"],
  options: {},
  examples: [
    {
      title: "A table of events",
      before: `op.create_table("events", sa.Column("id", sa.Integer(), primary_key=True))
`,
      after: [
        `op.create_table("events", sa.Column("id", sa.BigInteger(), primary_key=True))
`,
      ],
    },
  ],
  catches: [
    { title: "SQL text", code: `op.execute("CREATE TABLE events (id serial PRIMARY KEY)")\n` },
    {
      title: "A constraint of the table",
      code: `op.create_table("events", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id"))\n`,
    },
  ],
  passes: [
    {
      title: "A key of two columns",
      code: `op.create_table("members", sa.Column("team_id", sa.Integer(), primary_key=True), sa.Column("user_id", sa.Integer(), primary_key=True))\n`,
    },
    {
      title: "A key that points at another table",
      code: `op.create_table("profiles", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True))\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, table, details } = one.operation;
      if (one.direction.name !== "upgrade" || kind !== "create_table" || !table || details.temporary) continue;
      const constraints = details.constraints ?? [];
      const [name, ...others] = constraints.find(({ type }) => type === "primary_key")?.columns ?? [];
      const points = constraints.some(
        ({ type, columns }) => type === "foreign_key" && name !== undefined && columns?.includes(name),
      );
      const type = details.definitions?.find((column) => column.name === name)?.sqlType;
      if (name === undefined || others.length > 0 || points || !type || !narrow.has(type.name)) continue;
      const found: Narrow = { ...at(one), column: `${renderName(table)}.${name}` };
      yield found;
    }
  },
  message: ({ column }) => `${column} ends at 2,147,483,647, counting what is rolled back as well: a bigint does not.`,
});
