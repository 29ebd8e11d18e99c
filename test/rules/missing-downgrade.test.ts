import { describe, test } from "vitest";
import { missingDowngrade as rule } from "../../server/src/rules/missing-downgrade.ts";
import { allows, flags } from "../support/cases.ts";

describe("finds", () => {
  test("a change of the schema without a way back, and names it", () =>
    flags(
      rule,
      `def upgrade():
    ^^^^^^^ warning: This revision changes the schema (add_column users.age) and has no downgrade().
    op.add_column("users", sa.Column("age", sa.Integer()))
`,
    ));

  test("a batch block", () =>
    flags(
      rule,
      `def upgrade():
    ^^^^^^^ warning: *
    with op.batch_alter_table("users") as batch:
        batch.drop_column("age")
`,
    ));
});

/** Eight revisions, of which so many have no downgrade. */
const revisions = (without: number): string =>
  Array.from({ length: 8 }, (_, i) => {
    const back = i < without ? "" : `\n\ndef downgrade():\n    op.drop_column("t", "c${i}")\n`;
    return `-- versions/000${i}_x.py --\ndef upgrade():\n    op.add_column("t", sa.Column("c${i}", sa.Integer()))\n${back}`;
  }).join("\n");

describe("allows", () => {
  test.each([
    ["rows", `def upgrade():\n    op.execute("UPDATE users SET a = 1")\n`],
    ["a downgrade that is assigned", `def upgrade():\n    op.drop_table("users")\n\n\ndowngrade = None\n`],
    ["what could not be read", `def upgrade():\n    make(op.get_bind())\n`],
    ["a project that goes forward only", revisions(6)],
  ])("%s", (_, source) => allows(rule, source));
});

test("finds each where a way back is the rule", () =>
  flags(
    rule,
    revisions(2)
      .replaceAll(
        'def upgrade():\n    op.add_column("t", sa.Column("c0"',
        'def upgrade():\n    ^^^^^^^ warning: *\n    op.add_column("t", sa.Column("c0"',
      )
      .replaceAll(
        'def upgrade():\n    op.add_column("t", sa.Column("c1"',
        'def upgrade():\n    ^^^^^^^ warning: *\n    op.add_column("t", sa.Column("c1"',
      ),
  ));
