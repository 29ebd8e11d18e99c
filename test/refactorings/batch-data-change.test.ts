import { describe, expect, test } from "vitest";
import { batchDataChange as batch } from "../../server/src/refactorings/batch-data-change.ts";
import { check } from "../../server/src/rules/check.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table(
    "t",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("a", sa.Text()),
    sa.Column("b", sa.Text()),
    sa.Column("n", sa.Integer()),
)
op.create_table("lines", sa.Column("x", sa.Text(), primary_key=True), sa.Column("y", sa.Integer(), primary_key=True))
op.create_table("bare", sa.Column("a", sa.Text()))
-- versions/0002_case.py --
`;

const sql = (text: string): string => `op.execute(${JSON.stringify(text)})<|>\n`;

/** The two statements that the batches run. */
async function statements(text: string): Promise<readonly string[]> {
  const [upgrade = ""] = upgradesOf(await refactors(batch, given + sql(text)));
  return [...upgrade.matchAll(/batch = sa\.text\(\s*(["'])(.*)\1\s*\)/g)].map(([, , found = ""]) => found);
}

describe("the statement", () => {
  test.each<[string, string, string]>([
    [
      "UPDATE t SET a = b",
      "UPDATE t SET a = b WHERE t.id >= :low AND t.id < :high",
      "UPDATE t SET a = b WHERE t.id >= :low",
    ],
    [
      "UPDATE public.t AS x SET a = NULL WHERE x.a = 'b;c' OR n IN (SELECT y FROM lines WHERE y > 1);",
      "UPDATE public.t AS x SET a = NULL WHERE (x.a = 'b;c' OR n IN (SELECT y FROM lines WHERE y > 1)) AND x.id >= :low AND x.id < :high",
      "UPDATE public.t AS x SET a = NULL WHERE (x.a = 'b;c' OR n IN (SELECT y FROM lines WHERE y > 1)) AND x.id >= :low",
    ],
    [
      "UPDATE t SET a = b WHERE a IS DISTINCT FROM b",
      "UPDATE t SET a = b WHERE (a IS DISTINCT FROM b) AND t.id >= :low AND t.id < :high",
      "UPDATE t SET a = b WHERE (a IS DISTINCT FROM b) AND t.id >= :low",
    ],
    [
      "DELETE FROM ONLY lines",
      "DELETE FROM ONLY lines WHERE (lines.x, lines.y) >= (:low_0, :low_1) AND (lines.x, lines.y) < (:high_0, :high_1)",
      "DELETE FROM ONLY lines WHERE (lines.x, lines.y) >= (:low_0, :low_1)",
    ],
    [
      "INSERT INTO lines (x, y) SELECT a, n FROM t WHERE n > 0 ON CONFLICT DO NOTHING",
      "INSERT INTO lines (x, y) SELECT a, n FROM t WHERE (n > 0) AND t.id >= :low AND t.id < :high ON CONFLICT DO NOTHING",
      "INSERT INTO lines (x, y) SELECT a, n FROM t WHERE (n > 0) AND t.id >= :low ON CONFLICT DO NOTHING",
    ],
    [
      "UPDATE t SET a = gen_random_uuid()::text WHERE a IS NULL",
      "UPDATE t SET a = gen_random_uuid()::text WHERE (a IS NULL) AND t.id >= :low AND t.id < :high",
      "UPDATE t SET a = gen_random_uuid()::text WHERE (a IS NULL) AND t.id >= :low",
    ],
    [
      "UPDATE t SET a = trim(lower(a)), n = coalesce(n, 0)",
      "UPDATE t SET a = trim(lower(a)), n = coalesce(n, 0) WHERE t.id >= :low AND t.id < :high",
      "UPDATE t SET a = trim(lower(a)), n = coalesce(n, 0) WHERE t.id >= :low",
    ],
  ])("%s", async (text, inner, last) => {
    expect(await statements(text)).toEqual([inner, last]);
  });

  test("takes names that the file does not use", async () => {
    const [upgrade] = upgradesOf(await refactors(batch, `${given}${sql("UPDATE t SET a = b")}number = 1\n`));
    expect(upgrade).toContain("for number_, low in");
  });

  test("is told of where it asks for the time", async () => {
    const { result } = await refactors(batch, given + sql("UPDATE t SET a = now()::text"));
    expect(result.notes).toEqual([expect.stringMatching(/that of each batch/)]);
  });
});

const tables = `t = sa.table("t", sa.column("id"), sa.column("a"), sa.column("b"), sa.column("n"))
lines = sa.table("lines", sa.column("x"), sa.column("y"), schema="public")
`;

describe("a construct of SQLAlchemy", () => {
  test.each<[string, string, RegExp]>([
    [
      "is made once, and restricted for each batch",
      `${tables}op.execute(t.update().where(t.c.n > 3, t.c.a.is_(None)).values(a=sa.func.lower(t.c.b), n=None))<|>\n`,
      /statement = t\.update\(\).*\n +if op.*as_sql:\n +op\.execute\(statement\)[^]*"t\.id >= :low" if is_last else "t\.id >= :low AND t\.id < :high"\n +\)\.bindparams\(\*\*bounds\)\n +rows = op\.get_bind\(\)\.execute\(statement\.where\(within\)\)\.rowcount/,
    ],
    [
      "of several lines",
      `${tables}op.get_bind().execute(\n    sa.update(t)\n    .where(t.c.n > 3)\n    .values({t.c.a: "x"})\n)<|>\n`,
      /statement = \(\n {8}sa\.update\(t\)\n {8}\.where\(t\.c\.n > 3\)\n {8}\.values\(\{t\.c\.a: "x"\}\)\n {4}\)\n {4}if/,
    ],
    [
      "in a variable, by a key of two columns",
      `${tables}stmt = sa.delete(lines).where(lines.c.y < 3)\nop.execute(stmt)<|>\n`,
      /execute\(stmt\)[^]*"\(public\.lines\.x, public\.lines\.y\) >= \(:low_0, :low_1\)"\n +if is_last\n +else "[^]*stmt\.where\(within\)/,
    ],
    [
      "that copies rows",
      `from sqlalchemy.dialects.postgresql import insert
${tables}op.execute(insert(lines).from_select(["x", "y"], sa.select(t.c.a, t.c.n).where(t.c.n > 0)).on_conflict_do_nothing())<|>\n`,
      /execute\(insert\(lines\)\.from_select\(\["x", "y"\], sa\.select\(t\.c\.a, t\.c\.n\)\.where\(t\.c\.n > 0\)\.where\(within\)\)\.on_conflict_do_nothing\(\)\)\.rowcount/,
    ],
  ])("%s", async (_, body, expected) => {
    const { parts } = await refactors(batch, given + body);
    expect(parts[0]?.text).toMatch(expected);
  });

  test("that joins does not keep what stands beside it from being changed", async () => {
    const made = await refactors(
      batch,
      `${given}${tables}op.execute("UPDATE t SET a = b")<|>\nop.execute(t.update().where(t.c.a == lines.c.x).values(n=1))\n`,
    );
    expect(made.title).toBe("Change the rows in batches");
    expect(upgradesOf(made)[0]).toContain("op.execute(t.update().where(t.c.a == lines.c.x).values(n=1))");
  });

  test.each<[string, string, RegExp]>([
    ["that joins", "op.execute(t.update().where(t.c.a == lines.c.x).values(n=1))", /other tables/],
    ["that asks a query", "op.execute(t.update().values(n=sa.select(lines.c.y).scalar_subquery()))", /other tables/],
    ["that names its table otherwise", 'u = t.alias("u")\nop.execute(sa.update(u).values(n=1))', /other tables/],
    ["whose value is not known", "import os\nop.execute(t.update().values(a=os.getcwd()))", /not known for certain/],
    ["that returns rows", "op.execute(t.update().values(n=1).returning(t.c.id))", /returns rows/],
    ["that cannot be run twice", "op.execute(t.update().values(n=sa.text('n + 1')))", /n is set to/],
    ["that changes the key", "op.execute(t.update().values(id=t.c.n))", /changes the primary key/],
    [
      "that would copy rows twice",
      'op.execute(lines.insert().from_select(["x", "y"], sa.select(t.c.a, t.c.n)))',
      /on_conflict_do_nothing/,
    ],
    [
      "whose query stands elsewhere",
      `from sqlalchemy.dialects.postgresql import insert
query = insert(lines).from_select(["x", "y"], sa.select(t.c.a, t.c.n)).on_conflict_do_nothing()
op.execute(query)`,
      /does not stand in the statement/,
    ],
  ])("%s is refused", (_, body, reason) => refuses(batch, `${given}${tables}${body}<|>\n`, reason));
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["without a primary key", sql("UPDATE bare SET a = 1"), /primary key of bare/],
    ["for a table that nobody made", sql("UPDATE nobody SET a = 1"), /primary key of nobody/],
    ["where the key changes", sql("UPDATE t SET id = n"), /changes the primary key/],
    ["where it cannot be run twice", sql("UPDATE t SET n = n + 1"), /n is set to/],
    ["where it draws values", sql("UPDATE t SET a = gen_random_uuid()::text WHERE n > 0"), /a is set to/],
    ["where it swaps", sql("UPDATE t SET a = b, b = a"), /a is set to/],
    [
      "where it reads the table again",
      sql("UPDATE t SET n = (SELECT max(n) FROM t AS o WHERE o.a = t.a)"),
      /query of its own/,
    ],
    ["with a join", sql("UPDATE t SET n = y FROM lines WHERE x = a"), /joins/],
    ["with RETURNING", sql("DELETE FROM t RETURNING id"), /returns rows/],
    ["with USING", sql("DELETE FROM t USING lines WHERE x = a"), /joins/],
    [
      "with parameters",
      `op.execute(sa.text("UPDATE t SET a = :a").bindparams(a=1))<|>\n`,
      /parameters|more than execute/,
    ],
    ["where rows would come twice", sql("INSERT INTO lines (x, y) SELECT a, n FROM t"), /ON CONFLICT/],
    [
      "where rows are counted",
      sql("INSERT INTO lines (x, y) SELECT a, count(*) FROM t GROUP BY a ON CONFLICT DO NOTHING"),
      /groups/,
    ],
    ["where parts are put together", `c = "a"\nop.execute(f"UPDATE t SET {c} = 'x'")<|>\n`, /put together/],
    ["beside another command", sql("UPDATE t SET a = b; DELETE FROM t"), /more than execute/],
    [
      "where the constant is taken",
      `def upgrade():\n    ${sql("UPDATE t SET a = b")}\n\nBATCH_SIZE = str(1)\n\n\ndef downgrade():\n    pass\n`,
      /BATCH_SIZE/,
    ],
  ])("%s", (_, body, reason) => refuses(batch, given + body, reason));
});

describe("is not offered", () => {
  test.each([
    [
      "for a new table",
      `op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True))\n${sql("UPDATE x SET id = 1")}`,
    ],
    ["for rows that are listed", sql("INSERT INTO lines (x, y) VALUES ('a', 1)")],
    ["in a loop", `for a in ("x", "y"):\n    ${sql("UPDATE t SET a = b")}`],
  ])("%s", (_, body) => ignores(batch, given + body));

  test("once it is done", async () => {
    const made = await refactors(batch, given + sql("UPDATE t SET a = b"));
    const file = made.after.files.get(made.parts[0]?.path ?? "");
    if (!file) throw new Error("lost");
    expect(batch.plan({ project: made.after, file, range: { start: 0, end: file.text.length } })).toBeUndefined();
  });
});

test("leaves nothing to find fault with", async () => {
  const { before, after } = await refactors(batch, given + sql("UPDATE t SET a = b WHERE a IS NULL"));
  const found = (project: typeof before): readonly string[] =>
    check(project, defaultSettings).findings.map(({ rule }) => rule);
  expect(found(before)).toContain("unbatched-data-change");
  expect(found(after)).not.toEqual(expect.arrayContaining([expect.stringMatching(/batch|row-by-row|fetch/)]));
});
