import { describe, test } from "vitest";
import { emptyDowngrade as rule } from "../../server/src/rules/empty-downgrade.ts";
import { allows, flags } from "../support/cases.ts";

const upgrade = `def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer()))


`;

describe("finds", () => {
  test("pass, and names what is not undone", () =>
    flags(
      rule,
      `${upgrade}def downgrade():
    ^^^^^^^^^ warning: downgrade() does nothing, although upgrade() changes the schema (add_column users.age).
    pass
`,
    ));

  test.each([
    ["an ellipsis", "    ...\n"],
    ["code that is commented out", `    # op.drop_column("users", "age")\n    pass\n`],
    ["a comment for a linter", "    pass  # noqa: D103\n"],
    ["a note that it is still to be done", "    # TODO write this\n    pass\n"],
  ])("%s", (_, body) => flags(rule, `${upgrade}def downgrade():\n    ^^^^^^^^^ warning: *\n${body}`));
});

describe("allows", () => {
  test.each([
    ["a reason in a docstring", `${upgrade}def downgrade():\n    """Old code does not mind the column."""\n`],
    ["a reason in a comment", `${upgrade}def downgrade():\n    pass  # old code does not mind the column\n`],
    ["a raise", `${upgrade}def downgrade():\n    raise NotImplementedError()\n`],
    ["rows", `op.execute("DELETE FROM users")\n`],
    ["an extension", `op.execute("CREATE EXTENSION IF NOT EXISTS citext")\n`],
  ])("%s", (_, source) => allows(rule, source));
});
