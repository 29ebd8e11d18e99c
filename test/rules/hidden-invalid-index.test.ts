import { describe, test } from "vitest";
import { hiddenInvalidIndex as rule } from "../../server/src/rules/hidden-invalid-index.ts";
import { allows, fixes, flags } from "../support/cases.ts";

describe("finds", () => {
  test("an index that may be there, and not be valid", () =>
    flags(
      rule,
      `
with op.get_context().autocommit_block():
    op.create_index("ix", "users", ["email"], postgresql_concurrently=True, if_not_exists=True)
       ^^^^^^^^^^^^ warning: If an earlier attempt has failed, ix is there but invalid: IF NOT EXISTS leaves it so, and no query on users ever uses it.
`,
    ));
});

describe("repairs", () => {
  test("by a drop before it", () =>
    fixes(
      rule,
      `
with op.get_context().autocommit_block():
    op.create_index("Ix", "users", ["email"], schema="app", postgresql_concurrently=True, if_not_exists=True)
`,
      `
with op.get_context().autocommit_block():
    op.execute('DROP INDEX CONCURRENTLY IF EXISTS app."Ix"')
    op.create_index("Ix", "users", ["email"], schema="app", postgresql_concurrently=True, if_not_exists=True)
`,
    ));
});

describe("allows", () => {
  test.each([
    [
      "a plain build",
      `op.create_index("ix", "users", ["email"], if_not_exists=True)
`,
    ],
    [
      "something before that is not read",
      `from application import clear
clear(op.get_bind())
with op.get_context().autocommit_block():
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (email)")
`,
    ],
    [
      "a drop before",
      `with op.get_context().autocommit_block():
    op.drop_index("ix", "users", postgresql_concurrently=True, if_exists=True)
    op.create_index("ix", "users", ["email"], postgresql_concurrently=True, if_not_exists=True)
`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
