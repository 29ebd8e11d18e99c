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
