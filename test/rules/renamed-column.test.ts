import { test } from "vitest";
import { renamedColumn as rule } from "../../server/src/rules/renamed-column.ts";
import { allows, flags } from "../support/cases.ts";

test("names both", () =>
  flags(
    rule,
    `
op.alter_column("users", "name", new_column_name="full_name")
   ^^^^^^^^^^^^ warning: Code that still says "users.name" fails once this has run, and code that says "full_name" fails before.
`,
  ));

test("a swap keeps the old name, a chain of renames does not", async () => {
  await allows(
    rule,
    `op.execute("ALTER TABLE users RENAME id TO id_old")\nop.execute("ALTER TABLE users RENAME id_new TO id")\n`.replace(
      /^(.*id_new.*)$/m,
      `op.execute("ALTER TABLE users ADD id_new bigint")\n$1`,
    ),
  );
  await flags(
    rule,
    `
op.execute("ALTER TABLE users RENAME id TO old")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: *
op.execute("ALTER TABLE users RENAME old TO older")
`,
  );
});

test("a downgrade is not judged", () =>
  allows(
    rule,
    `def upgrade():
    pass


def downgrade():
    op.alter_column("users", "full_name", new_column_name="name")
`,
  ));
