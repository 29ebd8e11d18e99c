import { describe, expect, test } from "vitest";
import { endlessBatch as rule } from "../../server/src/rules/endless-batch.ts";
import { allows, findsIn, marked, flags } from "../support/cases.ts";

describe("finds", () => {
  test("and says which rows stay", () =>
    flags(
      rule,
      `while True:\n` +
        marked(
          `    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 100)"))`,
          `UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 100)`,
          `error: A row with NULL in t.a keeps NULL in t.b, so this loop takes it again and again and never ends.`,
        ) +
        `    if result.rowcount == 0:\n        break\n`,
    ));
  test.each([
    [
      "a concatenation",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a || ' ' || c WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "arithmetic",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a * 100 WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a strict function",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = lower(a) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "the test outside as well",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a * 100 WHERE b IS NULL AND id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "rows that are locked and skipped",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9 FOR UPDATE SKIP LOCKED) RETURNING id"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a size that is bound",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT :n)"), {"n": 5})\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a choice that does not look",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 1 WHERE id IN (SELECT id FROM t LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "one of two columns",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = coalesce(c, a) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a column that the replay knows may be NULL",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text, c text)")\n-- versions/0002_b.py --\nwhile True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = c WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

const table = `t = sa.table("t", sa.column("id"), sa.column("a"), sa.column("b"))\nconn = op.get_bind()\n`;
const required = `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text)")\n-- versions/0002_b.py --\n`;
/** A loop that runs a statement built by SQLAlchemy until it finds no row. */
const until = (statement: string): string =>
  `${table}while True:\n    result = conn.execute(${statement})\n    if result.rowcount == 0:\n        break\n`;
const chosen = (where: string): string => `sa.select(t.c.id).where(${where}).limit(100)`;
const update = (where: string, value: string): string => `sa.update(t).where(${where}).values(b=${value})`;
const isNull = `t.c.id.in_(${chosen("t.c.b.is_(None)")})`;
const fetched = (where: string, value: string, more = ""): string => `${table}last = 0
while True:
    rows = conn.execute(${chosen(where)}).fetchall()
    if not rows:
        break
    conn.execute(t.update().where(t.c.id.in_([row.id for row in rows])).values(b=${value}))
${more}`;

describe("of SQLAlchemy's statements finds", () => {
  test.each([
    ["a copy of a column", until(update(isNull, "t.c.a"))],
    ["the method of the table", until(`t.update().where(${isNull}).values(b=t.c.a)`)],
    ["values in a dictionary", until(`t.update().where(${isNull}).values({t.c.b: t.c.a})`)],
    ["a function of a column", until(update(isNull, "sa.func.lower(t.c.a)"))],
    ["a concatenation", until(update(isNull, `t.c.a.op("||")("x")`))],
    ["a scalar subquery", until(update(`t.c.id.in_(${chosen("t.c.b == None")}.scalar_subquery())`, "t.c.a"))],
    [
      "a CTE",
      until(`sa.update(t).where(t.c.id.in_(sa.select(${chosen("t.c.b.is_(None)")}.cte("c").c.id))).values(b=t.c.a)`),
    ],
    [
      "rows that are locked",
      until(update(`t.c.id.in_(${chosen("t.c.b.is_(None)")}.with_for_update(skip_locked=True))`, "t.c.a")),
    ],
    ["a choice that does not look", until(update("t.c.id.in_(sa.select(t.c.id).limit(9))", "1"))],
    ["two conditions", until(update(`sa.and_(t.c.b.is_(None), ${isNull})`, "t.c.a"))],
    ["rows that were fetched before", fetched("t.c.b.is_(None)", "t.c.a")],
    [
      "a count that ends the loop",
      `${table}count = 1\nwhile count:\n    count = conn.execute(${update(isNull, "t.c.a")}).rowcount\n`,
    ],
    [
      "a count that is compared",
      `${table}count = 1\nwhile count > 0:\n    count = conn.execute(${update(isNull, "t.c.a")}).rowcount\n`,
    ],
    [
      "a copy of rows",
      until(`sa.insert(sa.table("archive", sa.column("id"))).from_select(["id"], sa.select(t.c.id).limit(9))`),
    ],
    [
      "a model's table",
      `class T(sa.orm.DeclarativeBase):\n    __tablename__ = "t"\n    id = sa.Column(sa.Integer, primary_key=True)\n    a = sa.Column(sa.Text)\n    b = sa.Column(sa.Text)\nwhile True:\n    result = op.get_bind().execute(sa.update(T).where(T.id.in_(sa.select(T.id).where(T.b.is_(None)).limit(9))).values(b=T.a))\n    if result.rowcount == 0:\n        break\n`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, code)).toHaveLength(1);
  });
});

describe("of SQLAlchemy's statements is silent about", () => {
  test.each([
    ["a constant", until(update(isNull, `"x"`))],
    ["a value that is never NULL", until(update(isNull, `sa.func.coalesce(t.c.a, "")`))],
    ["a choice without NULL", until(update(`t.c.id.in_(${chosen("t.c.b.is_(None), t.c.a.isnot(None)")})`, "t.c.a"))],
    ["a column that is NOT NULL", required + until(update(isNull, "t.c.a"))],
    ["a value that Python has worked out", until(update(isNull, "compute()"))],
    ["a function of which nothing is known", until(update(isNull, "sa.func.app_slug(t.c.a)"))],
    ["a walk along the key", fetched("t.c.id > last", "t.c.a", "    last = rows[-1].id\n")],
    [
      "a walk by ranges",
      `${table}low = 0\nwhile True:\n    result = conn.execute(sa.update(t).where(t.c.id.in_(sa.select(t.c.id).where(t.c.id >= low).limit(9))).values(b=t.c.a))\n    low += 9\n    if low > top():\n        break\n`,
    ],
    ["a parameter that is bound", until(update(`t.c.id.in_(${chosen(`t.c.id > sa.bindparam("last")`)})`, "t.c.a"))],
    [
      "rows of another table",
      until(update(`t.c.id.in_(sa.select(sa.table("q", sa.column("t_id")).c.t_id).limit(9))`, "1")),
    ],
    ["an OFFSET", until(update(`t.c.id.in_(sa.select(t.c.id).offset(at()).limit(9))`, "1"))],
    ["a DELETE", until(`t.delete().where(${isNull})`)],
    ["no loop", `${table}conn.execute(${update(isNull, "t.c.a")})\n`],
    ["a loop that is counted", `${table}for _ in range(9):\n    conn.execute(${update(isNull, "t.c.a")})\n`],
    [
      "a copy that looks at what was copied",
      until(
        `sa.insert(sa.table("archive", sa.column("id"))).from_select(["id"], sa.select(t.c.id).where(~t.c.id.in_(sa.select(sa.table("archive", sa.column("id")).c.id))).limit(9))`,
      ),
    ],
    [
      "a copy of rows that are deleted then",
      `${table}while True:\n    result = conn.execute(sa.insert(sa.table("archive", sa.column("id"))).from_select(["id"], sa.select(t.c.id).limit(9)))\n    conn.execute(t.delete().where(t.c.id.in_(sa.select(sa.table("archive", sa.column("id")).c.id))))\n    if result.rowcount == 0:\n        break\n`,
    ],
  ])("%s", (_, code) => allows(rule, code));
});

describe("finds copies", () => {
  const loop = (sql: string): string =>
    `while True:\n    result = op.get_bind().execute(sa.text("${sql}"))\n    if result.rowcount == 0:\n        break\n`;
  test("with both tables", () =>
    flags(
      rule,
      `while True:\n` +
        marked(
          `    result = op.get_bind().execute(sa.text("INSERT INTO archive SELECT * FROM t WHERE a > 1 LIMIT 100"))`,
          `INSERT INTO archive SELECT * FROM t WHERE a > 1 LIMIT 100`,
          `error: This loop chooses rows of t without looking at what it has copied to archive: it takes the same rows again, and ends at a duplicate key or never.`,
        ) +
        `    if result.rowcount == 0:\n        break\n`,
    ));
  test.each([
    ["a conflict that is passed over", "INSERT INTO archive SELECT * FROM t LIMIT 9 ON CONFLICT DO NOTHING"],
    [
      "a look at the copies",
      "INSERT INTO archive SELECT * FROM t WHERE NOT EXISTS (SELECT FROM archive a WHERE a.id = t.id) LIMIT 9",
    ],
    ["a parameter", "INSERT INTO archive SELECT * FROM t WHERE id > :last LIMIT 9"],
    ["no LIMIT", "INSERT INTO archive SELECT * FROM t"],
    ["another query's rows", "INSERT INTO archive SELECT t.* FROM t JOIN u USING (id) LIMIT 9"],
  ])("but not %s", (_, sql) => allows(rule, loop(sql)));
});

describe("is silent about", () => {
  test.each([
    [
      "a constant",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 'x' WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a value that is never NULL",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = coalesce(a, '') WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "concat_ws",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = concat_ws(' ', a, c) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a choice without NULL",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL AND a IS NOT NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a column that is NOT NULL",
      `-- versions/0001_a.py --\nop.execute("CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text, c text)")\n-- versions/0002_b.py --\nwhile True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a function that is not known",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = app_slug(a) WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "a walk along the key",
      `last = 0\nwhile True:\n    rows = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE id > :last ORDER BY id LIMIT 9) RETURNING id"), {"last": last}).all()\n    if not rows:\n        break\n    last = rows[-1].id`,
    ],
    [
      "a DELETE",
      `while True:\n    result = op.get_bind().execute(sa.text("DELETE FROM t WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    ["no loop", `op.execute("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 9)")`],
    [
      "a second column that is set as well",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a, c = 'done' WHERE id IN (SELECT id FROM t WHERE b IS NULL AND c IS NULL LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
    [
      "rows of another table",
      `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 1 WHERE id IN (SELECT t_id FROM queue LIMIT 9)"))\n    if result.rowcount == 0:\n        break`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});
