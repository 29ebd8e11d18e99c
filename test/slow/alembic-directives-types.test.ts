/** Whether types are spelled as SQLAlchemy spells them, on every dialect. */
import { expect, test } from "vitest";
import { dialects, type Dialect } from "../../server/src/sql/action.ts";
import { dialectTypes, types } from "./directive-cases.ts";
import { actionsOfPython, ask } from "./written.ts";

/** `INTEGER(11) UNSIGNED` as its words and what stands in brackets; a collation is no part of the type. */
function parts(sql: string): { readonly name: string; readonly arguments: readonly string[] } {
  const [type = ""] = sql.split(/ (?=COLLATE |CHARACTER SET )/);
  const open = type.indexOf("(");
  if (open < 0) return { name: type, arguments: [] };
  const close = type.lastIndexOf(")");
  const inside = type.slice(open + 1, close).split(",");
  return { name: type.slice(0, open) + type.slice(close + 1), arguments: inside.map((one) => one.trim()) };
}

function ours(type: string, dialect: Dialect): ReturnType<typeof parts> | undefined {
  const [add] = actionsOfPython(`op.add_column("t", sa.Column("c", ${type}))`, dialect);
  const read = add?.details.definitions?.[0]?.sqlType;
  return read && { name: read.name, arguments: read.arguments };
}

/** A class of a dialect's own is for that dialect. */
const fits = (type: string, dialect: Dialect): boolean =>
  type.startsWith("sa.") || type.startsWith(dialect === "mariadb" ? "mysql." : `${dialect}.`);

const others = dialects.filter((dialect) => dialect !== "postgresql");

test.each(others)("types on %s are spelled as SQLAlchemy spells them", async (dialect) => {
  const all = [...types, ...dialectTypes].filter((type) => fits(type, dialect));
  const answers = await ask(all.map((type) => ({ dialect, type })));
  const wrong = all.flatMap((type, i) => {
    const { sql } = answers[i] ?? {};
    const read = ours(type, dialect);
    if (sql === undefined) return [];
    const same = JSON.stringify(read) === JSON.stringify(parts(sql));
    return same ? [] : [`${type}: ${sql}, read as ${JSON.stringify(read)}`];
  });
  expect(answers.filter(({ sql }) => sql !== undefined).length).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
});
