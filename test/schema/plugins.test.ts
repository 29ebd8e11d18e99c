import { expect, test } from "vitest";
import { readRevision } from "../../server/src/model/read.ts";
import { applyOperation } from "../../server/src/schema/replay/apply.ts";
import { play, postgres } from "./play.ts";

test("op.sync_enum_values of alembic_postgresql_enum replaces all values", () => {
  const { schema } = play("CREATE TYPE k AS ENUM ('a', 'b'); CREATE TABLE t (c k)");
  const { upgrades } = readRevision(
    "a.py",
    `from alembic import op
revision = "a"
down_revision = None
def upgrade():
    op.sync_enum_values("public", "k", ["b", "c"], [("t", "c")])
`,
    { dialect: "postgresql" },
  );
  const [operation] = upgrades[0]?.operations ?? [];
  if (!operation) throw new Error("nothing was read");
  const after = applyOperation(schema, operation, postgres);
  expect(after.schema.enumType({ name: "k" })).toMatchObject({ values: ["b", "c"] });
  expect(after.contradictions).toEqual([]);
});
