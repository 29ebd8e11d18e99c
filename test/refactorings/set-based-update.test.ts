import { describe, expect, test } from "vitest";
import { setBasedUpdate as together } from "../../server/src/refactorings/set-based-update.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("n", sa.Integer(), nullable=False),
    sa.Column("m", sa.Integer()),
    sa.Column("a", sa.Text(), nullable=False),
    sa.Column("b", sa.Text()),
)
-- versions/0002_case.py --
conn = op.get_bind()
`;

const loop = (sets: string, values: string, query = "SELECT id, n, m, a, b FROM t"): string =>
  `${given}for row in conn.execute(sa.text("${query}")):\n    <|>conn.execute(sa.text("UPDATE t SET ${sets} WHERE id = :id"), {${values}, "id": row.id})\n`;

const made = async (source: string): Promise<string> => upgradesOf(await refactors(together, source))[0] ?? "";

describe("one statement", () => {
  test.each<[string, string, string, string]>([
    ["n - (n - 1)", "n = :v", `"v": row.n - (row.n - 1)`, "UPDATE t SET n = n - (n - 1)"],
    ["a copy of what may be NULL", "b = :v", `"v": row.b`, "UPDATE t SET b = b"],
    ["several columns", "n = :v, a = :w", `"v": 3, "w": row["a"] + "!"`, "UPDATE t SET n = 3, a = a || '!'"],
  ])("is made of %s", async (_, sets, values, sql) => {
    expect(await made(loop(sets, values))).toContain(`conn.execute(sa.text("${sql}"))`);
  });

  test("keeps the condition of the query", async () => {
    expect(await made(loop("b = :v", `"v": row.a`, "SELECT id, a FROM t WHERE b IS NULL OR n > 3"))).toContain(
      `"UPDATE t SET b = a WHERE b IS NULL OR n > 3"`,
    );
  });
});

describe("chunks are sent", () => {
  test.each<[string, string]>([
    ["where a value may be missing that is computed with", loop("n = :v", `"v": row.m + 1`)],
    ["where Python divides", loop("n = :v", `"v": row.n // 2`)],
    ["where a text is repeated", loop("a = :v", `"v": row.a * 2`)],
    ["where the value is of another type", loop("a = :v", `"v": row.n`)],
    ["where the rows have a limit", loop("n = :v", `"v": row.n`, "SELECT id, n FROM t LIMIT 3")],
    ["where the query has another name for the column", loop("n = :v", `"v": row.x`, "SELECT id, n AS x FROM t")],
    ["where a method is called", loop("a = :v", `"v": row.a.strip()`)],
    ["where the text is put together", loop("a = :v", `"v": f"{row.a}!"`)],
    ["where the last row is used afterwards", `${loop("n = :v", `"v": row.n`)}print(row)\n`],
    ...["enumerate(@)", "reversed(@.all())", "@.fetchall()[1:]", "@.fetchmany(3)", "list(@)"].map(
      (over): [string, string] => [
        `where the loop goes over ${over}`,
        `${given}for i, n in ${over.replace("@", `conn.execute(sa.text("SELECT id, n FROM t"))`)}:\n    <|>conn.execute(sa.text("UPDATE t SET n = :n WHERE id = :i"), {"n": n, "i": i})\n`,
      ],
    ),
    [
      "where the rows are found by another column",
      `${given}for row in conn.execute(sa.text("SELECT n, a FROM t")):\n    <|>conn.execute(sa.text("UPDATE t SET a = :v WHERE n = :k"), {"v": row.a, "k": row.n})\n`,
    ],
  ])("%s", async (_, source) => {
    expect(await made(source)).toContain("parameters.append({");
  });

  test("under a name that is free, with a size of the file's own", async () => {
    const text = await made(
      `${given}parameters = 1\nfor row in conn.execute(sa.text("SELECT id, a FROM t")):\n    if row.a:\n        <|>conn.execute(sa.text("UPDATE t SET a = :a WHERE id = :i"), {"a": row.a.lower(), "i": row.id})\n`,
    );
    expect(text).toContain("parameters_ = []\nfor row in");
    expect(text).toContain("        if len(parameters_) == CHUNK_SIZE:\n            conn.execute");
  });
});

describe("is refused", () => {
  const head = `for row in conn.execute(sa.text("SELECT id, a FROM t")):\n`;
  const change = `conn.execute(sa.text("UPDATE t SET a = :a WHERE id = :i"), {"a": row.a, "i": row.id})`;
  test.each<[string, string, RegExp]>([
    [
      "where the loop reads as well",
      `${head}    n = conn.scalar(sa.text("SELECT count(*) FROM t"))\n    <|>${change}`,
      /in the same loop/,
    ],
    [
      "where the statement is another in each turn",
      `${head}    <|>conn.execute(sa.text("UPDATE t SET a = :a WHERE id = " + str(row.id)), {"a": row.a})`,
      /made with row/,
    ],
    [
      "where errors are caught",
      `${head}    try:\n        <|>${change}\n    except ValueError:\n        pass`,
      /catches errors/,
    ],
    [
      "where the values are no dictionary",
      `${head}    values = {"a": row.a, "i": row.id}\n    <|>conn.execute(sa.text("UPDATE t SET a = :a WHERE id = :i"), values)`,
      /as a dictionary/,
    ],
    [
      "under a test",
      `if conn:\n    for row in conn.execute(sa.text("SELECT id, a FROM t")):\n        <|>${change}`,
      /no statement of upgrade/,
    ],
    ["in a loop in a loop", `${head}    for x in (1, 2):\n        <|>${change}`, /not one statement/],
  ])("%s", (_, body, reason) => refuses(together, `${given}${body}\n`, reason));
});

test("is not offered in a loop over constants", () =>
  ignores(
    together,
    `${given}for i in (1, 2):\n    <|>conn.execute(sa.text("UPDATE t SET n = :n WHERE id = :i"), {"n": 1, "i": i})\n`,
  ));
