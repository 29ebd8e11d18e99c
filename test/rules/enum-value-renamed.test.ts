import { test } from "vitest";
import { enumValueRenamed as rule } from "../../server/src/rules/enum-value-renamed.ts";
import { allows, flags } from "../support/cases.ts";

test("names the value and the type", () =>
  flags(
    rule,
    `
op.execute("ALTER TYPE s.mood RENAME VALUE 'hapy' TO 'happy'")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning: Code that still says "hapy" of the enum "s.mood" fails once this has run, and code that says "happy" fails before.
`,
  ));

test("a renamed type keeps its values", () => allows(rule, `op.execute("ALTER TYPE mood RENAME TO feeling")\n`));

test("sync_enum_values without pairs renames nothing", () =>
  allows(rule, `op.sync_enum_values("public", "mood", ["sad"], [("users", "mood")], [])\n`));

test("a downgrade is not judged", () =>
  allows(
    rule,
    `def upgrade():
    pass


def downgrade():
    op.execute("ALTER TYPE mood RENAME VALUE 'happy' TO 'hapy'")
`,
  ));
