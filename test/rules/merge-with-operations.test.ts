import { describe, test } from "vitest";
import { mergeWithOperations as rule } from "../../server/src/rules/merge-with-operations.ts";
import { mergeSettings } from "../../server/src/settings/settings.ts";
import { allows, flags } from "../support/cases.ts";

const settings = mergeSettings([{ preset: "strict" }]);
const merge = (body: string, parents = `("0001", "0002")`): string => `-- versions/0001_a.py --
op.create_table("users", sa.Column("id", sa.Integer()))
-- versions/0002_b.py --
revision = "0002"
down_revision = None
-- versions/0003_m.py --
revision = "0003"
down_revision = ${parents}
from alembic import op
import sqlalchemy as sa


def upgrade():
    ${body}
`;

describe("finds", () => {
  test("the first change", () =>
    flags(
      rule,
      merge(`op.drop_table("users")
       ^^^^^^^^^^ information: This merge also makes a change (drop_table users), which deserves a revision of its own.
    op.drop_table("teams")`),
      { settings },
    ));
});

describe("allows", () => {
  test.each([
    ["nothing", merge("pass")],
    ["a read", merge(`op.execute("SELECT 1")`)],
    ["a change after one parent", merge(`op.drop_table("users")`, `"0001"`)],
  ])("%s", (_, source) => allows(rule, source, { settings }));
});
