/** What is translated gives the same on both servers, for strings of all kinds: on PostgreSQL, and on the SQLite of Python. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { translate } from "../../server/src/sql/translate.ts";
import { pythonWithAlembic } from "../support/python.ts";
import { useDatabases } from "./postgres.ts";

const databases = useDatabases();

const strings = [null, "", " ", "a", "a b", " a", "b ", "ab ab c", "x  y", "Ö'ß 😀 z", "a,b, c", ",", "it's"];
const dates = [null, "2024-02-29 23:59:59", "1999-12-31 00:00:00"];

/** Of a row (s, t, d). */
const expressions = [
  "split_part(s, ' ', 1)",
  "split_part(s, ' ', -1)",
  "split_part(s, ',', 1)",
  "split_part(lower(s), ',', -1)",
  "s || '-' || t",
  "concat(s, '-', t)",
  "coalesce(s || t, 'none')",
  "EXTRACT(YEAR FROM d)",
  "CASE WHEN s = t THEN upper(s) ELSE replace(t, ' ', '_') END",
];

const script = `import json, sqlite3, sys
asked = json.load(sys.stdin)
db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE r (id int, s text, t text, d text)")
db.executemany("INSERT INTO r VALUES (?, ?, ?, ?)", asked["rows"])
print(json.dumps([[row[0] for row in db.execute(f"SELECT {one} FROM r ORDER BY id")] for one in asked["expressions"]]))
`;

test("PostgreSQL's words and SQLite's give the same", async () => {
  const rows = strings.flatMap((s, i) =>
    strings.map((t, j) => [i * strings.length + j, s, t, dates[(i + j) % 3] ?? null]),
  );
  const mine = expressions.map((expression) => {
    const made = translate(`UPDATE r SET s = ${expression}`, "postgresql", "sqlite");
    if ("strange" in made) throw new Error(`${expression}: ${made.strange}`);
    return made.sql.replace("UPDATE r SET s = ", "");
  });
  const python = await pythonWithAlembic();
  const answer = execFileSync(python, ["-c", script], { input: JSON.stringify({ rows, expressions: mine }) });
  const sqlite = JSON.parse(answer.toString()) as unknown[][];
  const name = await databases.create();
  await databases.server().withClient(name, async (client) => {
    await client.query("CREATE TABLE r (id int, s text, t text, d timestamp)");
    await client.query("INSERT INTO r SELECT * FROM json_to_recordset($1) AS x(id int, s text, t text, d timestamp)", [
      JSON.stringify(rows.map(([id, s, t, d]) => ({ id, s, t, d }))),
    ]);
    for (const [i, expression] of expressions.entries()) {
      const { rows: found } = await client.query<{ v: unknown }>(`SELECT ${expression} AS v FROM r ORDER BY id`);
      const values = found.map(({ v }) => (expression.startsWith("EXTRACT") && v !== null ? Number(v) : v));
      expect(sqlite[i], expression).toEqual(values);
    }
  });
});
