/** What holds for every split, whatever the revision: over generated bodies of `upgrade()`. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitMixedMigration as split } from "../../server/src/refactorings/split-mixed-migration.ts";
import { findChanges } from "../../server/src/schema/changes.ts";
import { openFixture } from "../support/project.ts";
import { refactors } from "../support/cases.ts";
import { source } from "./parts.ts";
import { expectPermutation } from "./permutation.ts";

const tables = ["a", "b", "c"];
const columns = ["x", "y", "z"];

const table = fc.constantFrom(...tables);
const column = fc.constantFrom(...columns);

/** One statement; each is made unlike every other by its number. */
const statement = fc.oneof(
  fc.record({ t: table, c: column }).map(({ t, c }) => `op.add_column("${t}", sa.Column("${c}", sa.Integer()))`),
  fc.record({ t: table, c: column }).map(({ t, c }) => `op.drop_column("${t}", "${c}")`),
  fc.record({ t: table, c: column }).map(({ t, c }) => `op.alter_column("${t}", "${c}", nullable=False)`),
  fc.record({ t: table, c: column }).map(({ t, c }) => `op.alter_column("${t}", "${c}", type_=sa.Text())`),
  fc.record({ t: table, c: column }).map(({ t, c }) => `op.create_index("ix_#", "${t}", ["${c}"])`),
  fc.record({ t: table, c: column }).map(({ t, c }) => `op.create_unique_constraint("uq_#", "${t}", ["${c}"])`),
  fc
    .record({ t: table, u: table, c: column })
    .map(({ t, u, c }) => `op.create_foreign_key("fk_#", "${t}", "${u}", ["${c}"], ["id"])`),
  fc
    .record({ t: table, c: column, d: column })
    .map(({ t, c, d }) => `op.execute("UPDATE ${t} SET ${c} = ${d} WHERE id > #")`),
  fc
    .record({ t: table, u: table, c: column })
    .map(({ t, u, c }) => `op.execute("INSERT INTO ${t} (${c}) SELECT ${c} FROM ${u} WHERE id > #")`),
  fc.record({ t: table }).map(({ t }) => `op.execute("DELETE FROM ${t} WHERE id = #")`),
  fc.record({ t: table }).map(({ t }) => `connection.execute(sa.text("UPDATE ${t} SET id = id + #"))`),
  fc.constant(
    `op.create_table("n#", sa.Column("id", sa.Integer()))\n# seeds of #\nop.execute("INSERT INTO n# (id) VALUES (#)")`,
  ),
  fc
    .record({ t: table })
    .map(
      ({ t }) =>
        `op.create_table("n#", sa.Column("id", sa.Integer()))\n# copy of #\nop.execute("INSERT INTO n# (id) SELECT id FROM ${t}")`,
    ),
  fc
    .record({ t: table, c: column })
    .map(({ t, c }) => `op.execute("ALTER TABLE ${t} ALTER COLUMN ${c} SET DEFAULT #")`),
);

const bodies = fc.array(statement, { minLength: 2, maxLength: 9 }).map((statements) => {
  const numbered = statements.map(
    (text, i) => `# step ${i}\n${text.replaceAll("#", () => String(i)).replace(/^(\d+) (seeds|copy)/gm, "# $1 $2")}`,
  );
  return `connection = op.get_bind()\n${numbered.join("\n")}\n`;
});

const runs = { numRuns: 60 };

test("every statement is there once, in an order that it may have, in parts of one half", async () => {
  let splitCount = 0;
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const text = source(body);
      const { project } = await openFixture(text);
      const file = project.files.get("/project/versions/0002_case.py");
      const upgrade = file?.upgrades[0];
      if (file === undefined || upgrade === undefined) throw new Error("no upgrade");
      const offer = split.plan({ project, file, range: { start: 0, end: 0 } });
      if (offer === undefined) return;
      if ("unavailable" in offer) {
        expect(offer.unavailable).toMatch(/^[A-Z`].*\.$/s);
        return;
      }
      splitCount++;
      const { parts, after } = await refactors(split, text);
      const files = parts.map((part) => after.files.get(part.path)).filter((one) => one !== undefined);
      expectPermutation(project, file, upgrade, files);
      for (const part of files) {
        const direction = part.upgrades[0];
        if (direction === undefined) throw new Error("no upgrade");
        const { schema, data } = findChanges(direction, after.config);
        expect(schema.length === 0 || data.length === 0, "a part is mixed").toBe(true);
        expect(split.plan({ project: after, file: part, range: { start: 0, end: 0 } })).toBeUndefined();
      }
      const chain = parts.map(({ revision }) => revision);
      chain.forEach((id, i) => {
        expect(after.history.revisions.get(id)?.parents).toEqual([chain[i - 1] ?? "0001"]);
      });
    }),
    runs,
  );
  expect(splitCount).toBeGreaterThan(runs.numRuns / 3);
});
