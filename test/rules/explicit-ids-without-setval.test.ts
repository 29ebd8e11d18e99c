import { describe, expect, test } from "vitest";
import { explicitIdsWithoutSetval as rule } from "../../server/src/rules/explicit-ids-without-setval.ts";
import { allows, findsIn, fixes, flags, leaves, marked } from "../support/cases.ts";

describe("finds", () => {
  test("and names the column", () =>
    flags(
      rule,
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\n` +
        marked(
          `op.bulk_insert(roles, [{"id": 1, "name": "a"}])`,
          `bulk_insert`,
          `warning: bulk_insert roles gives its own values for roles.id and leaves the sequence behind: the next INSERT without one meets a duplicate key.`,
        ) +
        ``,
    ));
  test.each([
    [
      "a table expression",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.execute(roles.insert().values(id=1, name="a"))`,
    ],
    [
      "SQL text",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.execute("INSERT INTO roles (id, name) VALUES (1, 'a')")`,
    ],
    [
      "two statements, once",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.execute("INSERT INTO roles (id) VALUES (1)")\nop.execute("INSERT INTO roles (id) VALUES (2)")`,
    ],
    [
      "an identity",
      `op.create_table("t", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True))\nop.execute("INSERT INTO t (id) VALUES (1)")`,
    ],
  ])("%s", async (_, code) => {
    expect(await findsIn(rule, `${code}\n`)).toHaveLength(1);
  });
});

describe("is silent about", () => {
  test.each([
    [
      "no ids",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.bulk_insert(roles, [{"name": "a"}])`,
    ],
    [
      "a setval",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.bulk_insert(roles, [{"id": 1}])\nop.execute("SELECT setval('roles_id_seq', 10)")`,
    ],
    [
      "a restart",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.bulk_insert(roles, [{"id": 1}])\nop.execute("ALTER SEQUENCE roles_id_seq RESTART WITH 10")`,
    ],
    [
      "a restart of the identity",
      `op.create_table("t", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True))\nop.execute("INSERT INTO t (id) VALUES (1)")\nop.execute("ALTER TABLE t ALTER COLUMN id RESTART WITH 2")`,
    ],
    [
      "no sequence",
      `t = op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False))\nop.bulk_insert(t, [{"id": 1}])`,
    ],
    ["an unknown table", `op.execute("INSERT INTO roles (id) VALUES (1)")`],
    [
      "rows of a query",
      `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))\nop.execute("INSERT INTO roles (id) SELECT id FROM old_roles")`,
    ],
    [
      "a downgrade",
      `def upgrade():\n    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\n\n\ndef downgrade():\n    op.execute("INSERT INTO t (id) VALUES (1)")`,
    ],
  ])("%s", (_, code) => allows(rule, `${code}\n`));
});

test("puts the statement that sets the sequence behind", () =>
  fixes(
    rule,
    `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True))\nop.bulk_insert(roles, [{"id": 1}])\n`,
    `roles = op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True))
op.bulk_insert(roles, [{"id": 1}])
op.execute("SELECT setval(pg_get_serial_sequence('roles', 'id'), (SELECT max(id) FROM roles))")
`,
  ));

test("does not touch names that would need quotes", () =>
  leaves(
    rule,
    `roles = op.create_table("Roles", sa.Column("id", sa.Integer(), primary_key=True))\nop.bulk_insert(roles, [{"id": 1}])\n`,
  ));

test("a column that became a text has no sequence to be set", () =>
  allows(
    rule,
    `-- versions/0001_a.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Text()))
-- versions/0002_b.py --
op.execute("DROP SEQUENCE t_id_seq CASCADE")
op.alter_column("t", "id", existing_type=sa.Integer(), type_=sa.String(255))
-- versions/0003_c.py --
op.execute("INSERT INTO t (id, a) VALUES ('x1', 'a')")
`,
  ));
