import { describe, expect, test } from "vitest";
import { findChanges } from "../../server/src/schema/changes.ts";
import { renderDataChange } from "../../server/src/schema/wording.ts";
import { absolute, openFixture } from "../support/project.ts";

const create = `roles = op.create_table("roles", sa.Column("name", sa.String()))
connection = op.get_bind()
`;
const read = `connection.execute(sa.text("SELECT role FROM users"))`;

/** The data changes of an upgrade that makes the table `roles` and then does this. */
async function dataOf(body: string): Promise<readonly string[]> {
  const { project } = await openFixture(create + body);
  const upgrade = project.files.get(absolute("versions/0001_case.py"))?.upgrades[0];
  if (upgrade === undefined) throw new Error("no upgrade");
  return findChanges(upgrade, project.config).data.map(({ operation }) => renderDataChange(operation));
}

describe("rows of an existing table, carried into a new one by Python", () => {
  test.each([
    ["row by row", `for row in ${read}:\n    connection.execute(roles.insert().values(name=row[0]))\n`],
    [
      "row by row, fetched before",
      `rows = ${read}.fetchall()\nfor row in rows:\n    op.execute(roles.insert().values(name=row.role))\n`,
    ],
    ["in bulk", `rows = ${read}.fetchall()\nop.bulk_insert(roles, [{"name": row[0]} for row in rows])\n`],
    [
      "in bulk, collected in a loop",
      `values = []\nfor row in ${read}:\n    values.append({"name": row[0]})\nop.bulk_insert(roles, values)\n`,
    ],
    [
      "under other names",
      `rows = ${read}.fetchall()\nnames = {row[0] for row in rows}\nvalues = sorted(names)\nop.bulk_insert(roles, [{"name": v} for v in values])\n`,
    ],
    [
      "in batches",
      `rows = ${read}\nwhile batch := rows.fetchmany(500):\n    connection.execute(roles.insert(), [{"name": row.role} for row in batch])\n`,
    ],
    [
      "through a helper's result",
      `def load():\n    return ${read}.fetchall()\n\nop.bulk_insert(roles, [{"name": row[0]} for row in load()])\n`,
    ],
  ])("are a data change: %s", async (_, body) => {
    const found = await dataOf(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^(?:INSERT INTO|bulk_insert) roles$/);
  });
});

describe("rows of its own are no data change", () => {
  test.each([
    [
      "after an unrelated query",
      `rows = ${read}.fetchall()\nprint(len(rows))\nop.bulk_insert(roles, [{"name": "admin"}])\n`,
    ],
    [
      "under a test of a query's result",
      `rows = ${read}.fetchall()\nif not rows:\n    op.bulk_insert(roles, [{"name": "admin"}])\n`,
    ],
    ["in a loop over constants", `for name in ("a", "b"):\n    op.execute(roles.insert().values(name=name))\n`],
    [
      "collected in a loop over constants",
      `values = []\nfor name in ("a", "b"):\n    values.append({"name": name})\nop.bulk_insert(roles, values)\n`,
    ],
    [
      "read from the new table itself",
      `rows = connection.execute(sa.select(roles)).fetchall()\nop.bulk_insert(roles, [{"name": row[0]} for row in rows])\n`,
    ],
  ])("%s", async (_, body) => {
    expect(await dataOf(body)).toEqual([]);
  });
});
