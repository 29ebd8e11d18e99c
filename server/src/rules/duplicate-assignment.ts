import { renderName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Twice extends Found {
  readonly column: string;
  readonly kind: "update" | "insert";
}

export const duplicateAssignment = defineRule({
  id: "duplicate-assignment",
  group: "correctness",
  severity: "warning",
  recommended: true,
  reach: "file",
  dialects: ["postgresql"],
  summary: "One statement sets a column twice.",
  why: `PostgreSQL refuses it (“multiple assignments to same column”), and the migration fails there. One of the two is a slip: most often the name of another column was meant.`,
  instead: `Set each column once.`,
  allowed: ["Parts of a column, as in `SET address.street = …, address.town = …` or `SET tags[1] = …, tags[2] = …`."],
  sources: ["https://www.postgresql.org/docs/current/sql-update.html"],
  options: {},
  examples: [
    {
      title: "A slip",
      before: `op.execute("UPDATE users SET first_name = 'x', first_name = 'y' WHERE id = 1")
`,
      after: [
        `op.execute("UPDATE users SET first_name = 'x', last_name = 'y' WHERE id = 1")
`,
      ],
    },
  ],
  catches: [
    { title: "In an INSERT", code: `op.execute("INSERT INTO roles (name, name) VALUES ('a', 'b')")\n` },
    {
      title: "Through a connection",
      code: `op.get_bind().execute(sa.text("UPDATE users SET a = 1, b = 2, a = 3 WHERE id = 1"))\n`,
    },
  ],
  passes: [
    { title: "Each column once", code: `op.execute("UPDATE users SET a = 1, b = 2 WHERE id = 1")\n` },
    {
      title: "Two elements of an array",
      code: `op.execute("UPDATE users SET tags[1] = 'a', tags[2] = 'b' WHERE id = 1")\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const { kind, via, columns, details, table } = one.operation;
      if ((kind !== "update" && kind !== "insert") || via !== "sql" || details.setsParts) continue;
      const column = columns.find((name, index) => columns.indexOf(name) !== index);
      if (column === undefined) continue;
      const twice: Twice = { ...at(one), kind, column: table ? `${renderName(table)}.${column}` : column };
      yield twice;
    }
  },
  message: ({ kind, column }) => `This ${kind.toUpperCase()} sets ${column} twice, which PostgreSQL refuses.`,
});
