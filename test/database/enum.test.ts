/** Values of enums that come and go, on a real server: what it refuses of the original, and takes of what is made of it. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { buildOnce } from "./retort.ts";
import { refactored, whole } from "./rewritten.ts";
import { useStages } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

const days = (
  more: Pick<RefactoredMigration, "name" | "refactoring" | "at" | "upgrade" | "downgrade" | "makes" | "parts">,
) => ({
  given: `
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'meh');
    CREATE TABLE days (id int PRIMARY KEY, mood mood NOT NULL DEFAULT 'it''s ok', moods mood[], note text);
    CREATE INDEX ix_mood ON days (mood);
    INSERT INTO days VALUES (1, 'sad', '{sad,NULL}', 'x'), (2, DEFAULT, NULL, NULL), (3, 'sad', '{}', 'Ö"');`,
  ...more,
});

const added = days({
  name: "uses a value that it adds",
  refactoring: "add-enum-value",
  at: "ADD VALUE",
  upgrade: `
    op.add_column("days", sa.Column("city", sa.Text()))
    op.execute("ALTER TYPE mood ADD VALUE 'glad' BEFORE 'meh'")
    op.execute("UPDATE days SET mood = 'glad' WHERE mood = 'sad'")`,
  downgrade: `
    op.execute("UPDATE days SET mood = 'sad' WHERE mood = 'glad'")
    op.drop_column("days", "city")`,
  parts: 2,
  makes: /ADD VALUE IF NOT EXISTS/,
});

test.each([false, true])("a value is used once its own transaction is over, each revision apart: %s", async (apart) => {
  const original = await open(whole(scope, added), apart);
  await original.up(parent);
  await expect(original.up(mixed)).rejects.toThrow(/unsafe use of new value "glad"/);
  const changed = await open(await refactored(scope, added), apart);
  const before = await changed.up(parent);
  const after = await changed.up("head");
  expect(after.rows["days"]?.filter((row) => row.includes('"glad"'))).toHaveLength(2);
  expect(after.schema.join("\n")).toContain("enum mood: sad, it's ok, glad, meh");
  expect((await changed.down(parent)).rows).toEqual(before.rows);
  expect(await changed.up("head")).toEqual(after);
});

const rebuilt = days({
  name: "lists other values",
  refactoring: "rebuild-enum",
  at: "alter_column",
  upgrade: `    op.alter_column("days", "mood", type_=sa.Enum("glad", "sad", "it's ok", name="mood"))`,
  downgrade: `    op.alter_column("days", "mood", type_=sa.Enum("sad", "it's ok", "meh", name="mood"))`,
  parts: 1,
  makes: /CREATE TYPE mood AS ENUM/,
});

test("a value that goes stops the upgrade while a row holds it, unless the code says what it becomes", async () => {
  const project = await refactored(scope, rebuilt);
  const stage = await open(project);
  const empty = await stage.up(parent);
  const after = await stage.up("head");
  expect(after.rows["days"]).toEqual(empty.rows["days"]);
  expect(after.schema.filter((fact) => fact.startsWith("enum"))).toEqual(["enum mood: glad, sad, it's ok"]);
  expect(await stage.down(parent)).toEqual(empty);
  await stage.sql("UPDATE days SET mood = 'meh' WHERE id = 1");
  const held = await stage.state();
  await expect(stage.up(mixed)).rejects.toThrow(/invalid input value for enum mood: "meh"/);
  expect(await stage.state()).toEqual(held);
  const text = readFileSync(project.file, "utf8");
  writeFileSync(project.file, text.replace("THEN 'meh' /* is gone: say what it becomes */", "THEN 'glad'"));
  expect((await stage.up(mixed)).rows["days"]?.[0]).toContain('"mood": "glad"');
});

const deleted = days({
  ...rebuilt,
  name: "deletes a value from the catalog",
  at: "pg_enum",
  upgrade: `    op.execute("DELETE FROM pg_enum WHERE enumlabel = 'meh' AND enumtypid = 'mood'::regtype")`,
  downgrade: "    pass",
});

test("a value that was deleted by hand goes with its type, and comes back", async () => {
  const stage = await open(await refactored(scope, deleted));
  const before = await stage.up(parent);
  const after = await stage.up("head");
  expect(after.schema).toContain("enum mood: sad, it's ok");
  expect(await stage.down(parent)).toEqual(before);
  expect(await stage.up("head")).toEqual(after);
});
