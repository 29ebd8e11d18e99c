import { expect, test } from "vitest";
import { inlayHints } from "../../server/src/features/inlay.ts";
import { absolute, openFixture, type FixtureOptions } from "../support/project.ts";

/** The last member with its hints where they stand. */
async function hinted(source: string, options: FixtureOptions = {}): Promise<string[]> {
  const { project, fixture } = await openFixture(source, options);
  const path = [...fixture.files.keys()].at(-1) ?? "";
  const file = project.files.get(absolute(path));
  if (!file) throw new Error(`${path} is not in the project`);
  const hints = inlayHints({ project, file, range: { start: 0, end: file.text.length } });
  return hints.map(({ offset, label }) => `${file.text.slice(0, offset).split("\n").at(-1)?.trim() ?? ""} ← ${label}`);
}

const users = `-- versions/0001_users.py --
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.String(100)))
`;

test("each operation shows the strongest lock, and what it does under it", async () => {
  expect(
    await hinted(`${users}-- versions/0002_more.py --
op.create_index("ix", "users", ["email"])
op.create_table("orders", sa.Column("id", sa.Integer()), sa.Column("user_id", sa.ForeignKey("users.id")))
op.alter_column("users", "email", type_=sa.Integer(), postgresql_using="1")
op.execute("UPDATE users SET email = 1")
`),
  ).toEqual([
    'op.create_index("ix", "users", ["email"]) ← ShareLock users, builds',
    'op.create_table("orders", sa.Column("id", sa.Integer()), sa.Column("user_id", sa.ForeignKey("users.id"))) ← ShareRowExclusiveLock users',
    'op.alter_column("users", "email", type_=sa.Integer(), postgresql_using="1") ← AccessExclusiveLock users, rewrites',
    'op.execute("UPDATE users SET email = 1 ← RowExclusiveLock users, scans',
  ]);
});

test("MySQL shows the algorithm, and what it lets others do", async () => {
  const source = `${users}-- versions/0002_more.py --
op.create_index("ix", "users", ["email"])
`;
  expect(await hinted(source, { dialect: "mysql" })).toEqual([
    'op.create_index("ix", "users", ["email"]) ← INPLACE, lock NONE',
  ]);
});

test("what is not known, and what runs on another server, has none", async () => {
  const source = `${users}-- versions/0002_more.py --
op.execute(statement())
`;
  expect(await hinted(source)).toEqual([]);
  expect(await hinted(users, { dialect: "oracle" })).toEqual([]);
});
