/** The order of statements over the parts of a split, as `npm run corpus` holds it. */
import { expect, test } from "vitest";
import { findOrder } from "../../scripts/corpus/order.ts";
import { splitMixedMigration } from "../../server/src/refactorings/split-mixed-migration.ts";
import { refactors } from "../support/cases.ts";
import { absolute } from "../support/project.ts";

test("a dependent pair that comes apart the wrong way round is a fault", async () => {
  const { before, after, parts } = await refactors(
    splitMixedMigration,
    `-- versions/0001_given.py --
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Text()))
-- versions/0002_case.py --
op.add_column("t", sa.Column("b", sa.Text()))
op.execute("UPDATE t SET b = a")
op.drop_column("t", "a")
`,
  );
  const original = before.files.get(absolute("versions/0002_case.py"));
  const files = parts.flatMap(({ path }) => after.files.get(path) ?? []);
  if (!original) throw new Error("there is no original");
  expect(findOrder(before, original, files)).toEqual({ pairs: 2, unplaced: 0, faults: [] });
  expect(findOrder(before, original, files.toReversed()).faults).toEqual([
    expect.stringMatching(/^update has come before add_column: /),
    expect.stringMatching(/^drop_column has come before update: /),
  ]);
  expect(findOrder(before, original, files.slice(1))).toMatchObject({ pairs: 1, unplaced: 1 });
});
