import { describe, expect, test } from "vitest";
import { validateConstraintLater as later } from "../../server/src/refactorings/validate-constraint-later.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable, upgradesOf } from "./upgrades.ts";

const given = givenTable.replace(
  "-- versions/0002",
  `op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True))\n-- versions/0002`,
);

const staged = async (body: string): Promise<readonly string[]> => upgradesOf(await refactors(later, given + body));

describe("a constraint", () => {
  test("keeps everything else with it in the first revision", async () => {
    expect(
      await staged(
        `op.add_column("t", sa.Column("c", sa.Integer()))\nop.create_check_constraint("ck", "t", "a > 0")<|>\nop.drop_column("t", "b")`,
      ),
    ).toEqual([
      `op.add_column("t", sa.Column("c", sa.Integer()))\nop.create_check_constraint("ck", "t", "a > 0", postgresql_not_valid=True)\nop.drop_column("t", "b")`,
      `op.execute("ALTER TABLE t VALIDATE CONSTRAINT ck")`,
    ]);
  });

  test("without a name is validated by the one that the server gives it", async () => {
    expect((await staged(`op.create_foreign_key(None, "t", "u", ["a"], ["id"])<|>`))[1]).toBe(
      `op.execute("ALTER TABLE t VALIDATE CONSTRAINT t_a_fkey")`,
    );
  });

  test("in SQL is added by SQL", async () => {
    expect(await staged(`op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0);")<|>`)).toEqual([
      `op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID;")`,
      `op.execute("ALTER TABLE t VALIDATE CONSTRAINT ck")`,
    ]);
  });

  test("is not taken back twice, and ids keep their order", async () => {
    const made = await refactors(
      later,
      `${given}def upgrade():\n    op.create_check_constraint("ck", "t", "a > 0")<|>\n\n\ndef downgrade():\n    op.drop_constraint("ck", "t")\n`,
    );
    expect(downgradesOf(made)).toEqual([`op.drop_constraint("ck", "t")`, "pass"]);
    const [first, second] = made.parts;
    expect(second?.revision).toBe("0002");
    expect(made.after.history.revisions.get("0002")?.parents).toEqual([first?.revision]);
  });

  test("leaves behind no import that nothing uses, and keeps one that nothing used", async () => {
    const made = await refactors(
      later,
      `${given}import json
import re
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_check_constraint("ck", "t", sa.text(re.sub("x", "y", "a > 0")))<|>


def downgrade():
    op.drop_constraint("ck", "t")
`,
    );
    const [first, second] = made.parts.map(({ text }) => text);
    expect(first).toContain("import re\n");
    expect(first).not.toContain("import json");
    expect(second).toContain("import json\n");
    expect(second).not.toMatch(/import re\b|sqlalchemy/);
  });
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["under a test", `if op.get_bind():\n    op.create_check_constraint("ck", "t", "a > 0")<|>`, /only where a test/],
    ["on a partitioned table", `op.create_check_constraint("ck", "p", "a > 0")<|>`, /partitioned/],
    [
      "where it goes again",
      `op.create_check_constraint("ck", "t", "a > 0")<|>\nop.drop_constraint("ck", "t")`,
      /is gone or renamed/,
    ],
    [
      "beside other commands",
      `op.execute("ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0), DROP COLUMN b")<|>`,
      /more than add one/,
    ],
  ])("%s", (_, body, reason) => refuses(later, given + body, reason));
});

describe("is not offered", () => {
  test.each([
    ["where it is not valid already", `op.create_check_constraint("ck", "t", "a > 0", postgresql_not_valid=True)<|>`],
    [
      "for a new table",
      `op.create_table("n", sa.Column("a", sa.Integer()))\nop.create_check_constraint("ck", "n", "a > 0")<|>`,
    ],
  ])("%s", (_, body) => ignores(later, given + body));
});
