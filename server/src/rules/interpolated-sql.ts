import type { Interpolation } from "../model/revision.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Interpolated extends Found {
  readonly from: Exclude<Interpolation["from"], "other">;
  readonly by: Interpolation["by"];
  /** The statement is about rows: what is put in is a value, or may be. */
  readonly isData: boolean;
}

const ways: Readonly<Record<Interpolation["by"], string>> = {
  "f-string": "an f-string puts",
  percent: "`%` puts",
  format: "`.format` puts",
  concatenation: "`+` puts",
  other: "this puts",
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const interpolatedSql = defineRule({
  id: "interpolated-sql",
  group: "correctness",
  severity: "warning",
  recommended: true,
  reach: "file",
  summary: "A value that was read while the migration runs becomes part of a SQL text.",
  why: `The first value with a quote in it ends the string in the middle: the statement fails on production's data though it ran on yours, or it does what the
value says. Python's None becomes the word None, and a list becomes no list of SQL.`,
  instead: `Bind it: \`connection.execute(sa.text("… WHERE id = :id"), {"id": row.id})\`; a list with \`sa.bindparam("ids", expanding=True)\`.
The name of a table or column cannot be bound: quote it with \`connection.dialect.identifier_preparer.quote(name)\`.`,
  allowed: [
    "Constants, also those of a loop, of a helper's arguments, and of modules of the project.",
    "Numbers that Python has made: `int(…)`, `len(…)`, what `range` counts.",
    "What is quoted by SQLAlchemy: `quote(…)`, a compiled statement.",
    "Values of which is not known where they come from.",
  ],
  counted: ["What environment variables, `-x` arguments and files give."],
  sources: [
    "https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text",
    "https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.bindparam.params.expanding",
  ],
  options: {},
  examples: [
    {
      title: "Names are cleaned up row by row",
      before: `connection = op.get_bind()
for row in connection.execute(sa.text("SELECT id, name FROM users WHERE name <> trim(name)")):
    connection.execute(sa.text(f"UPDATE users SET name = '{row.name.strip()}' WHERE id = {row.id}"))
`,
      after: [
        `connection = op.get_bind()
for row in connection.execute(sa.text("SELECT id, name FROM users WHERE name <> trim(name)")):
    connection.execute(
        sa.text("UPDATE users SET name = :name WHERE id = :id"), {"name": row.name.strip(), "id": row.id}
    )
`,
      ],
    },
  ],
  catches: [
    {
      title: "A list of ids, joined",
      code: `connection = op.get_bind()\nids = [row[0] for row in connection.execute(sa.text("SELECT id FROM spam")).fetchall()]\nlisted = ",".join([str(one) for one in ids])\nop.execute(f"DELETE FROM users WHERE id IN ({listed})")\n`,
    },
    {
      title: "An environment variable, with `%`",
      code: `def upgrade():\n    import os\n    op.execute("UPDATE settings SET url = '%s' WHERE id = 1" % os.environ["URL"])\n`,
    },
  ],
  passes: [
    {
      title: "Names of a loop over constants",
      code: `for table in ("users", "orders"):\n    op.execute(f"DELETE FROM {table} WHERE deleted")\n`,
    },
    {
      title: "Placeholders that are counted",
      code: `connection = op.get_bind()\nids = [row[0] for row in connection.execute(sa.text("SELECT id FROM spam LIMIT 9")).fetchall()]\nmarks = ", ".join(f":p{i}" for i in range(len(ids)))\nconnection.execute(sa.text(f"DELETE FROM users WHERE id IN ({marks})"), {f"p{i}": v for i, v in enumerate(ids)})\n`,
    },
    {
      title: "A number",
      code: `connection = op.get_bind()\nlast = connection.execute(sa.text("SELECT max(id) FROM users")).scalar()\nop.execute(f"DELETE FROM users WHERE id > {int(last)}")\n`,
    },
  ],
  *detect({ judged }) {
    const seen = new Set<number>();
    for (const one of judged) {
      const { operation } = one;
      const found = operation.interpolated?.find(({ from }) => from !== "other");
      if (!found || found.from === "other" || seen.has(operation.range.start)) continue;
      seen.add(operation.range.start);
      const isData = operation.effect === "data" || operation.effect === "read";
      const interpolated: Interpolated = { ...at(one), from: found.from, by: found.by, isData };
      yield interpolated;
    }
  },
  message: ({ from, by, isData }) =>
    `${sentence(ways[by])} a value ${from === "rows" ? "from the database" : "from outside the program"} into the SQL text, where a quote in it ends the string: ${isData ? "bind it as a parameter" : "quote it"}.`,
  refactorings: ["bind-parameters"],
});
