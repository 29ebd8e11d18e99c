/** What holds while both columns are there: whoever writes which of them, none of it is lost. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { buildOnce } from "./retort.ts";
import { chainOf, refactored } from "./rewritten.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

const staged = (refactoring: string, upgrade: string, downgrade: string): RefactoredMigration => ({
  name: "stages a column",
  refactoring,
  at: "alter_column",
  given: `
    CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT 'new', n numeric(6, 2));
    INSERT INTO t SELECT n, 'old ' || n, n + 0.5 FROM generate_series(1, 10) n;`,
  upgrade,
  downgrade,
  parts: 3,
  makes: /CREATE TRIGGER/,
  batchSize: 3,
});

/** In the order of their ids, as JSON. */
const values = (rows: readonly string[] = [], column: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    rows.map((row) => {
      const { id, ...others } = JSON.parse(row) as Record<string, unknown>;
      return [String(id), others[column]];
    }),
  );

test("a renamed column takes what is written by either name", async () => {
  const project = await refactored(
    scope,
    staged(
      "stage-column-rename",
      `    op.alter_column("t", "a", new_column_name="b")`,
      `    op.alter_column("t", "b", new_column_name="a")`,
    ),
  );
  const [expand = "", backfill = ""] = chainOf(project);
  const stage = await open(project, true);
  await stage.up(parent);
  await stage.up(expand);
  await stage.sql(
    "INSERT INTO t (id, a) VALUES (11, 'by a'); INSERT INTO t (id) VALUES (12); UPDATE t SET n = 0 WHERE id = 1",
  );
  await stage.sql("UPDATE t SET a = 'changed' WHERE id = 2");
  const { rows } = await stage.up(backfill);
  expect(values(rows["t"], "b")).toEqual(values(rows["t"], "a"));
  await stage.sql("INSERT INTO t (id, b) VALUES (13, 'by b'); INSERT INTO t (id) VALUES (14)");
  await stage.sql("UPDATE t SET b = 'changed by b' WHERE id = 3; UPDATE t SET a = 'changed by a' WHERE id = 4");
  await stage.sql("UPDATE t SET a = 'x', b = 'both' WHERE id = 5");
  await expect(stage.sql("UPDATE t SET b = NULL WHERE id = 6")).rejects.toThrow(/null value|not_null/);
  const before = values((await stage.state()).rows["t"], "a");
  expect(before).toMatchObject({
    ...{ 1: "old 1", 2: "changed", 3: "changed by b", 4: "changed by a", 5: "both", 10: "old 10" },
    ...{ 11: "by a", 12: "new", 13: "by b", 14: "new" },
  });
  expect(values((await stage.up(mixed)).rows["t"], "b")).toEqual(before);
  await stage.sql("INSERT INTO t (id, b) VALUES (15, 'after'); INSERT INTO t (id) VALUES (16)");
  const back = (await stage.down(backfill)).rows["t"];
  expect(values(back, "a")).toEqual({ ...before, 15: "after", 16: "new" });
  expect(values(back, "b")).toEqual(values(back, "a"));
  await stage.sql("UPDATE t SET b = 'again' WHERE id = 15");
  expect(values((await stage.down(parent)).rows["t"], "a")).toEqual({ ...before, 15: "again", 16: "new" });
});

test("a column of another type takes what is written to the old one", async () => {
  const project = await refactored(
    scope,
    staged(
      "stage-type-change",
      `    op.alter_column("t", "n", type_=sa.Integer(), postgresql_using="ceil(n)::int")`,
      `    op.alter_column("t", "n", type_=sa.Numeric(6, 2))`,
    ),
  );
  const [expand = "", backfill = ""] = chainOf(project);
  const stage = await open(project, true);
  await stage.up(parent);
  await stage.up(expand);
  await stage.sql("INSERT INTO t (id, n) VALUES (11, 1.25), (12, NULL); UPDATE t SET n = 7.5 WHERE id = 1");
  await stage.up(backfill);
  await stage.sql("UPDATE t SET n = NULL WHERE id = 2; UPDATE t SET n = 9.01 WHERE id = 12");
  const { rows } = await stage.up(mixed);
  expect(values(rows["t"], "n")).toMatchObject({ 1: 8, 2: null, 3: 4, 11: 2, 12: 10 });
  await stage.sql("UPDATE t SET n = 1000 WHERE id = 3");
  await stage.down(backfill);
  await stage.sql("UPDATE t SET n = 3.3 WHERE id = 4");
  const again = values((await stage.up(mixed)).rows["t"], "n");
  expect(again).toMatchObject({ 1: 8, 2: null, 3: 1000, 4: 4, 12: 10 });
});

test("a value that the new type cannot hold is refused from the first stage on, and none is cut", async () => {
  const project = await refactored(
    scope,
    staged(
      "stage-type-change",
      `    op.alter_column("t", "a", type_=sa.CHAR(6))`,
      `    op.alter_column("t", "a", type_=sa.Text())`,
    ),
  );
  const [expand = "", backfill = ""] = chainOf(project);
  const stage = await open(project, true);
  await stage.up(expand);
  await expect(stage.sql("INSERT INTO t (id, a) VALUES (11, 'too long')")).rejects.toThrow(/too long/);
  await stage.sql("UPDATE t SET a = 'longer' WHERE id = 10; INSERT INTO t (id, a) VALUES (12, 'fits')");
  await stage.up(backfill);
  expect(values((await stage.up(mixed)).rows["t"], "a")).toMatchObject({ 1: "old 1 ", 10: "longer", 12: "fits  " });
});
