import { expect, test } from "vitest";
import { flagFromNullable as flag } from "../../server/src/refactorings/flag-from-nullable.ts";
import { ignores, refactors, refuses } from "../support/cases.ts";
import { upgradesOf } from "./upgrades.ts";

const given = `-- versions/0001_base.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email_verified_at", sa.DateTime()), sa.Column("made_at", sa.DateTime(), nullable=False))
-- versions/0002_case.py --
`;

const add = (name: string, type = "sa.Boolean()"): string => `op.add_column("t", sa.Column("${name}", ${type}))\n`;

test("the flag is known by its name", async () => {
  const made = await refactors(flag, `${given}${add("email_verified")}op.drop_column("t", "email_verified_at")<|>\n`);
  expect(upgradesOf(made)[0]).toContain(
    `op.execute("UPDATE t SET email_verified = (email_verified_at IS NOT NULL)")\nop.drop`,
  );
});

test("is refused in one batch", () =>
  refuses(
    flag,
    `${given}with op.batch_alter_table("t") as batch_op:\n    batch_op.add_column(sa.Column("email_verified", sa.Boolean()))\n    batch_op.drop_column("email_verified_at")<|>\n`,
    /between which nothing can run/,
  ));

test.each<[string, string]>([
  ["the column always has a value", `${add("is_made")}op.drop_column("t", "made_at")<|>`],
  ["the new column is no flag", `${add("email_verified", "sa.Integer()")}op.drop_column("t", "email_verified_at")<|>`],
  ["the flag is another", `${add("is_admin")}op.drop_column("t", "email_verified_at")<|>`],
])("is not offered where %s", (_, body) => ignores(flag, `${given}${body}\n`));
