import { describe, expect, test } from "vitest";
import { addEnumValue as add } from "../../server/src/refactorings/add-enum-value.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { downgradesOf, givenTable, upgradesOf } from "./upgrades.ts";

const given = givenTable.replace(
  "-- versions/0002",
  `op.execute("CREATE TYPE mood AS ENUM ('sad')")\n-- versions/0002`,
);

test("values beside each other share a block, and are passed over where they are there", async () => {
  const made = await refactors(
    add,
    `${given}op.execute("ALTER TYPE mood ADD VALUE 'ok'")<|>\nop.get_bind().execute(sa.text("alter type mood add value if not exists 'glad'"))\n`,
  );
  expect(upgradesOf(made)).toEqual([
    `with op.get_context().autocommit_block():\n    op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'")\n    op.get_bind().execute(sa.text("alter type mood add value if not exists 'glad'"))`,
  ]);
  expect(made.title).toBe("Add 2 values in an autocommit block");
});

test("after other changes it has a revision of its own", async () => {
  const made = await refactors(
    add,
    `${given}def upgrade():\n    op.add_column("t", sa.Column("c", sa.Text()))\n    op.execute("ALTER TYPE mood ADD VALUE 'ok'")<|>\n\n\ndef downgrade():\n    op.drop_column("t", "c")\n`,
  );
  expect(upgradesOf(made).map((body) => body.includes("autocommit_block"))).toEqual([false, true]);
  expect(downgradesOf(made)).toEqual([`op.drop_column("t", "c")`, "pass"]);
});

describe("is refused", () => {
  test.each<[string, string, RegExp]>([
    ["under a test", `if op.get_bind():\n    op.execute("ALTER TYPE mood ADD VALUE 'ok'")<|>`, /only where a test/],
    [
      "where the SQL is put together",
      `for v in ("a", "b"):\n    op.execute(f"ALTER TYPE mood ADD VALUE '{v}'")<|>`,
      /put together|runs/,
    ],
  ])("%s", (_, body, reason) => refuses(add, `${given}${body}\n`, reason));
});

test("is not offered in an autocommit block", () =>
  ignores(
    add,
    `${given}with op.get_context().autocommit_block():\n    op.execute("ALTER TYPE mood ADD VALUE 'ok'")<|>\n`,
  ));
