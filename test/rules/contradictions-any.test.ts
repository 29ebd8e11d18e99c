/** Histories that contradict themselves at random: nothing throws, and each contradiction is found at its place. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { replayOf } from "../../server/src/project/replay.ts";
import { check } from "../../server/src/rules/check.ts";
import { compareSchemas } from "../../server/src/schema/difference.ts";
import { renderDdl } from "../../server/src/schema/ddl.ts";
import { tryRoundTrip } from "../../server/src/schema/round-trip.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { openFixture } from "../support/project.ts";

const table = fc.constantFrom("a", "b", "c");
const column = fc.constantFrom("id", "x", "y");
const name = fc.constantFrom("k", "l", "a_pkey", "ix");

/** Any of these may be impossible where it stands. */
const line = fc.oneof(
  fc.tuple(table, column).map(([t, c]) => `op.create_table("${t}", sa.Column("${c}", sa.Integer(), primary_key=True))`),
  table.map((t) => `op.drop_table("${t}")`),
  fc.tuple(table, table).map(([t, to]) => `op.rename_table("${t}", "${to}")`),
  fc.tuple(table, column).map(([t, c]) => `op.add_column("${t}", sa.Column("${c}", sa.Text()))`),
  fc.tuple(table, column).map(([t, c]) => `op.drop_column("${t}", "${c}")`),
  fc.tuple(table, column, column).map(([t, c, to]) => `op.alter_column("${t}", "${c}", new_column_name="${to}")`),
  fc.tuple(table, column).map(([t, c]) => `op.alter_column("${t}", "${c}", type_=sa.BigInteger(), nullable=False)`),
  fc.tuple(name, table, column).map(([n, t, c]) => `op.create_index("${n}", "${t}", ["${c}"])`),
  fc.tuple(name, table).map(([n, t]) => `op.drop_index("${n}", table_name="${t}")`),
  fc.tuple(name, table, column).map(([n, t, c]) => `op.create_unique_constraint("${n}", "${t}", ["${c}"])`),
  fc.tuple(name, table, column).map(([n, t, c]) => `op.create_primary_key("${n}", "${t}", ["${c}"])`),
  fc.tuple(name, table, table).map(([n, t, to]) => `op.create_foreign_key("${n}", "${t}", "${to}", ["x"], ["id"])`),
  fc.tuple(name, table).map(([n, t]) => `op.drop_constraint("${n}", "${t}")`),
  fc.tuple(table, column).map(([t, c]) => `op.execute("ALTER TABLE ${t} DROP COLUMN ${c}, ADD COLUMN ${c} int")`),
  fc.tuple(table, column).map(([t, c]) => `op.execute("ALTER TABLE ${t} ALTER ${c} SET NOT NULL")`),
  fc.tuple(table, name).map(([t, n]) => `op.execute("ALTER INDEX ${n} RENAME TO ${t}")`),
  fc.constantFrom(`op.execute("CREATE TYPE a AS ENUM ('x')")`, `op.execute("DROP TYPE a")`, "unknown(op)"),
);

const body = fc.array(line, { minLength: 1, maxLength: 8 });
const history = fc.array(fc.tuple(body, body), { minLength: 1, maxLength: 4 });

const indented = (lines: readonly string[]): string => lines.map((one) => `    ${one}`).join("\n");

const fileOf = ([up, down]: readonly [readonly string[], readonly string[]], i: number): string =>
  `-- versions/000${String(i + 1)}_x.py --
from alembic import op
import sqlalchemy as sa

revision = "000${String(i + 1)}"
down_revision = ${i === 0 ? "None" : `"000${String(i)}"`}


def upgrade():
${indented(up)}


def downgrade():
${indented(down)}
`;

test("contradictions of any history are findings with a place, and never a throw", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (revisions) => {
      const { project } = await openFixture(revisions.map(fileOf).join(""), { broken: true });
      const { findings, failures } = check(project, { ...defaultSettings, preset: "strict" });
      expect(failures).toEqual([]);
      const replay = replayOf(project);
      for (const id of project.history.order) {
        const file = project.history.revisions.get(id)?.file;
        const played = replay.revision(id);
        if (!file || !played) throw new Error("a revision is not played");
        for (const { operation, index, how, thing, message } of played.contradictions) {
          const { start, end } = operation.range;
          expect(file.upgrades[0]?.operations[index]).toBe(operation);
          expect(0 <= start && start < end && end <= file.text.length, message).toBe(true);
          // A table that is missing may have been there before the history began.
          if (how !== "present" && thing.type !== "column") continue;
          const isAtPlace = findings.some(
            (one) => one.path === file.path && start <= one.range.start && one.range.end <= end,
          );
          expect(isAtPlace, message).toBe(true);
        }
        renderDdl(played.after);
        compareSchemas(played.before, played.after);
        tryRoundTrip(played.before, file, replay.environment);
      }
    }),
    { numRuns: 60 },
  );
});
