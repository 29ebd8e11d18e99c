import { test } from "vitest";
import { enumValueInTransaction as rule } from "../../server/src/rules/enum-value-in-transaction.ts";
import { allows, fixes, flags } from "../support/cases.ts";

const env = `-- env.py --
from alembic import context

context.configure(connection=None)
-- versions/0001_glad.py --
`;

test("names the value", () =>
  flags(
    rule,
    `${env}op.execute("ALTER TYPE mood ADD VALUE 'glad'")
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information: No revision of the same upgrade can use "glad" of the enum "mood": env.py runs all of them in one transaction.
`,
  ));

test("is put right by an autocommit block", () =>
  fixes(
    rule,
    `${env}op.execute("ALTER TYPE mood ADD VALUE 'glad'")\n`,
    `with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'glad'")`,
  ));

test("a renamed value can be used at once", () =>
  allows(rule, `${env}op.execute("ALTER TYPE mood RENAME VALUE 'a' TO 'b'")\n`));
