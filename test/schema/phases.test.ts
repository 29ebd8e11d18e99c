import { expect, test } from "vitest";
import { phasesIn } from "../../server/src/schema/phases.ts";
import { absolute, openFixture } from "../support/project.ts";

/** `kind phase` of each operation that has a phase, in the order of execution. */
async function phasesOf(body: string): Promise<readonly string[]> {
  const { project } = await openFixture(body);
  const upgrade = project.files.get(absolute("versions/0001_case.py"))?.upgrades[0];
  if (upgrade === undefined) throw new Error("no upgrade");
  return [...phasesIn(upgrade, "postgresql")].map(([{ kind }, phase]) => `${kind} ${phase}`);
}

const update = `op.execute("UPDATE users SET a = 1")`;

test.each([
  [
    "a column that is added, filled and made NOT NULL",
    `op.add_column("users", sa.Column("a", sa.Integer()))\n${update}\nop.alter_column("users", "a", nullable=False)`,
    ["add_column expand", "update backfill", "alter_column contract"],
  ],
  [
    "all that defines a new table",
    `op.create_table("t", sa.Column("a", sa.Integer()))\nop.create_index("ix", "t", ["a"], unique=True)\nop.create_foreign_key("fk", "t", "users", ["a"], ["id"])\nop.alter_column("t", "a", nullable=False)\nop.add_column("t", sa.Column("b", sa.Integer(), nullable=False))`,
    [
      "create_table expand",
      "create_index expand",
      "create_foreign_key expand",
      "alter_column expand",
      "add_column expand",
    ],
  ],
  [
    "the same of an existing table",
    `op.create_index("ix", "t", ["a"], unique=True)\nop.create_foreign_key("fk", "t", "users", ["a"], ["id"])`,
    ["create_index contract", "create_foreign_key contract"],
  ],
  [
    "a batch block on a new table",
    `op.create_table("t", sa.Column("a", sa.Integer()))\nwith op.batch_alter_table("t") as batch:\n    batch.create_unique_constraint("uq", ["a"])`,
    ["create_table expand", "create_unique_constraint expand"],
  ],
  [
    "rows of a new table",
    `op.create_table("t", sa.Column("a", sa.Integer()))\nop.bulk_insert(sa.table("t", sa.column("a")), [{"a": 1}])`,
    ["create_table expand", "bulk_insert backfill"],
  ],
  ["a copy of a table", `op.execute("CREATE TABLE backup AS SELECT * FROM users")`, ["create_table backfill"]],
  [
    "a table that takes the name of one that is dropped",
    `op.drop_table("t")\nop.create_table("t", sa.Column("a", sa.Integer()))\nop.create_unique_constraint("uq", "t", ["a"])`,
    ["drop_table contract", "create_table expand", "create_unique_constraint expand"],
  ],
  [
    "what is set up for a data change",
    `op.execute("CREATE TEMP TABLE tmp AS SELECT id FROM users")\nop.create_index("ix", "users", ["a"])\nop.execute("ALTER TABLE users DISABLE TRIGGER ALL")\n${update}\nop.execute("ALTER TABLE users ENABLE TRIGGER ALL")\nop.drop_index("ix", "users")\nop.execute("DROP TABLE tmp")`,
    [
      "create_table backfill",
      "create_index backfill",
      "alter_table backfill",
      "update backfill",
      "alter_table backfill",
      "drop_index backfill",
      "drop_table backfill",
    ],
  ],
  [
    "the same without a data change",
    `op.execute("CREATE FUNCTION f() RETURNS integer AS 'SELECT 1' LANGUAGE sql")\nop.execute("DROP FUNCTION f()")`,
    ["create_function expand", "drop_function contract"],
  ],
  [
    "what has none",
    `op.execute("SELECT 1")\nop.execute("ANALYZE users")\nop.create_table_comment("users", "people")`,
    [],
  ],
])("%s", async (_, body, phases) => {
  expect(await phasesOf(`${body}\n`)).toEqual(phases);
});
