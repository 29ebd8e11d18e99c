import { describe, expect, test } from "vitest";
import { bindParameters as bind } from "../../server/src/refactorings/bind-parameters.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const base = `-- versions/0001_base.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
-- versions/0002_case.py --
`;
const loop = `connection = op.get_bind()\nfor row in connection.execute(sa.text("SELECT id, name FROM users")):\n    `;
const source = (statement: string): string => `${base}${loop}${statement.replaceAll("\n", "\n    ")}\n`;

async function bound(statement: string): Promise<string> {
  const made = await refactors(bind, source(statement));
  const [up = ""] = upgradesOf(made);
  return up.split("\n").slice(2).join("\n").replaceAll(/^ {4}/gm, "");
}

const run = (sql: string, values: string): string => `connection.execute(sa.text("${sql}"), {${values}})`;

describe("binds", () => {
  test.each([
    [
      "what an f-string puts in",
      `<|>connection.execute(sa.text(f"UPDATE users SET name = '{row.name.strip()}' WHERE id = {row.id}"))`,
      run("UPDATE users SET name = :name WHERE id = :id", '"name": row.name.strip(), "id": row.id'),
    ],
    [
      "a plain string of a connection, which it wraps",
      `<|>connection.execute(f"DELETE FROM users WHERE id = {row['id']}")`,
      run("DELETE FROM users WHERE id = :id", `"id": row['id']`),
    ],
    [
      "what stood in quotes, as a string",
      `<|>connection.execute(sa.text(f"UPDATE users SET name = 'x' WHERE name = '{row.name}'"))`,
      run("UPDATE users SET name = 'x' WHERE name = :name", `"name": str(row.name)`),
    ],
    [
      "a part of a literal",
      `<|>connection.execute(sa.text(f"DELETE FROM users WHERE name LIKE '%{row.name}''s {{x}}%'"))`,
      run("DELETE FROM users WHERE name LIKE :name", `"name": f"%{row.name}'s {{x}}%"`),
    ],
    [
      "the same value once, and others under other names",
      `<|>connection.execute(sa.text(f"UPDATE users SET id = {row.id} WHERE id > {row.id} AND id < {other.id}"))`.replace(
        "other.id",
        "row.id + 1",
      ),
      run("UPDATE users SET id = :id WHERE id > :id AND id < :id_2", `"id": row.id, "id_2": row.id + 1`),
    ],
    [
      "what `%` puts in",
      `<|>connection.execute(sa.text("UPDATE users SET name = '%s' WHERE id = %d AND name LIKE 'a%%'" % (row.name, row.id)))`,
      run("UPDATE users SET name = :name WHERE id = :id AND name LIKE 'a%'", `"name": str(row.name), "id": row.id`),
    ],
    [
      "what `%` puts in by name",
      `<|>connection.execute(sa.text("DELETE FROM users WHERE id = %(one)s" % {"one": row.id}))`,
      run("DELETE FROM users WHERE id = :id", `"id": row.id`),
    ],
    [
      "what `.format` puts in",
      `<|>connection.execute(sa.text("UPDATE users SET name = '{}' WHERE id = {id}".format(row.name, id=row.id)))`,
      run("UPDATE users SET name = :name WHERE id = :id", `"name": str(row.name), "id": row.id`),
    ],
    [
      "what `+` puts in, in the middle and at the end",
      `<|>connection.execute(sa.text("UPDATE users SET name = '" + row.name + "' WHERE id = " + str(row.id)))`,
      run("UPDATE users SET name = :name WHERE id = :id", `"name": str(row.name), "id": row.id`),
    ],
    [
      "beside parameters that are there",
      `<|>connection.execute(sa.text(f"UPDATE users SET name = :id WHERE id = {row.id}"), {"id": "x"})`,
      run("UPDATE users SET name = :id WHERE id = :id_2", `"id": "x", "id_2": row.id`),
    ],
    [
      "over several lines",
      `<|>connection.execute(\n    sa.text(\n        f"UPDATE users SET name = 'x'"\n        f" WHERE id = {row.id}"\n    )\n)`,
      `connection.execute(\n    sa.text(\n        "UPDATE users SET name = 'x'"\n        " WHERE id = :id"\n    ),\n    {"id": row.id}\n)`,
    ],
    [
      "what op.execute() runs, over the connection",
      `<|>op.execute(f"DELETE FROM users WHERE id = {row.id}")`,
      `op.get_bind().execute(sa.text("DELETE FROM users WHERE id = :id"), {"id": row.id})`,
    ],
  ])("%s", async (_, before, after) => {
    expect(await bound(before)).toBe(after);
  });

  test("what comes from the environment, to the text itself", async () => {
    const { result, parts } = await refactors(
      bind,
      `${base}def upgrade():\n    import os\n    <|>op.execute("UPDATE users SET name = '%s' WHERE id = 1" % os.environ["URL"])\n`,
    );
    expect(parts[0]?.text).toContain(
      `op.execute(sa.text("UPDATE users SET name = :url WHERE id = 1").bindparams(url=os.environ["URL"]))`,
    );
    expect(result.notes).toHaveLength(1);
  });
});

describe("binds a list", () => {
  test.each([
    [`', '.join(str(i) for i in ids)`, "ids"],
    [`",".join([str(i) for i in ids])`, "ids"],
    [`','.join(map(str, ids))`, "ids"],
    [`", ".join(f"'{i}'" for i in ids)`, "[str(i) for i in ids]"],
    [`", ".join(str(r.id) for r in ids)`, "[r.id for r in ids]"],
  ])("%s", async (code, value) => {
    const made = await refactors(
      bind,
      `${base}connection = op.get_bind()\nids = connection.execute(sa.text("SELECT id FROM users")).fetchall()\nlisted = ${code}\n<|>connection.execute(sa.text(f"DELETE FROM users WHERE id IN ({listed})"))\n`,
    );
    expect(upgradesOf(made)[0]?.split("\n").slice(2).join("\n")).toBe(
      `connection.execute(sa.text("DELETE FROM users WHERE id IN :ids").bindparams(sa.bindparam("ids", expanding=True)), {"ids": ${value}})`,
    );
  });

  test("as a tuple, and keeps a name that is used elsewhere", async () => {
    const made = await refactors(
      bind,
      `${base}connection = op.get_bind()\nids = [r.id for r in connection.execute(sa.text("SELECT id FROM users"))]\n<|>connection.execute(sa.text(f"DELETE FROM users WHERE id IN {tuple(ids)}"))\n`,
    );
    expect(upgradesOf(made)[0]).toContain(
      `sa.text("DELETE FROM users WHERE id IN :ids").bindparams(sa.bindparam("ids", expanding=True)), {"ids": list(ids)}`,
    );
  });
});

test("keeps names of tables and columns in an f-string", async () => {
  const made = await refactors(
    bind,
    `${base}table = "users"\nconnection = op.get_bind()\nrow = connection.execute(sa.text("SELECT id, name FROM users")).first()\n<|>connection.execute(sa.text(f"UPDATE {table} SET name = 'a' WHERE id = {row.id}"))\n`,
  );
  expect(upgradesOf(made)[0]?.split("\n").at(-1)).toBe(
    `connection.execute(sa.text(f"UPDATE {table} SET name = 'a' WHERE id = :id"), {"id": row.id})`,
  );
});

describe("refuses", () => {
  test.each([
    [
      "a name",
      `<|>connection.execute(sa.text(f"DROP TABLE {row.name}"))`,
      /row\.name \(line \d+\) stands where a name/,
    ],
    [
      "a name and a value of one expression",
      `<|>connection.execute(sa.text(f"UPDATE users SET {row.name} = 1 WHERE name = '{row.name}'"))`,
      /row\.name \(line \d+\) is put in as a name as well/,
    ],
    [
      "a piece of SQL",
      `<|>connection.execute(sa.text(f"UPDATE users SET name = lower({row.name})"))`,
      /row\.name \(line \d+\) stands where/,
    ],
    [
      "a value that is formatted",
      `<|>connection.execute(sa.text(f"UPDATE users SET name = '{row.id:05}'"))`,
      /formatted on its way/,
    ],
    [
      "a list that is not seen",
      `<|>connection.execute(sa.text(f"DELETE FROM users WHERE id IN ({row.name})"))`,
      /Of what list/,
    ],
    [
      "SQL that is put together before",
      `<|>sql = f"DELETE FROM users WHERE id = {row.id}"\nconnection.execute(sa.text(sql))`,
      /is not put together in the call that runs it/,
    ],
    [
      "a colon before a word",
      `<|>connection.execute(f"UPDATE users SET name = 'a :b' WHERE id = {row.id}")`,
      /holds a colon before a word/,
    ],
    [
      "several commands",
      `<|>connection.execute(sa.text(f"DELETE FROM users WHERE id = {row.id}; DELETE FROM users WHERE id = 1"))`,
      /holds several commands/,
    ],
  ])("%s", async (_, before, why) => {
    await refuses(bind, source(before), why);
  });
});

test("has nothing to do where nothing is put in, or only constants are", async () => {
  await ignores(bind, source(`<|>connection.execute(sa.text("DELETE FROM users WHERE id = :id"), {"id": row.id})`));
  await ignores(bind, `${base}for t in ("users", "x"):\n    <|>op.execute(f"DELETE FROM {t}")\n`);
});
