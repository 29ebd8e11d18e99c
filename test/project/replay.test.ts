import fc from "fast-check";
import { expect, test } from "vitest";
import { compareSchemas } from "../../server/src/schema/difference.ts";
import { replayOf } from "../../server/src/project/replay.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import type { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";
import { absolute, openTexts } from "../support/project.ts";

const ini = "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://localhost/app\n";

/** Revision `n` follows the ones that are named, and adds a column to the one table. */
const revision = (n: number, parents: readonly number[], column: string): string => `from alembic import op
import sqlalchemy as sa

revision = "r${String(n)}"
down_revision = ${parents.length === 0 ? "None" : `(${parents.map((one) => `"r${String(one)}",`).join("")})`}


def upgrade():
    ${n === 0 ? 'op.create_table("t", sa.Column("id", sa.Integer()))' : `op.add_column("t", sa.Column("${column}", sa.Text()))`}
`;

/** For each revision but the first, how far back its parents are. */
const graph = fc.array(fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 2 }), {
  minLength: 3,
  maxLength: 12,
});

test("after an edit, the schema is that of a history read anew; and before it still is what it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      graph,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom("a", "b", "c")), { maxLength: 6 }),
      async (parents, edits) => {
        const parentsOf = (n: number): number[] =>
          n === 0 ? [] : [...new Set((parents[n - 1] ?? [0]).map((back) => Math.max(0, n - 1 - back)))];
        const count = parents.length + 1;
        const path = (n: number): string => absolute(`versions/r${String(n)}.py`);
        const texts = new Map([
          [absolute("alembic.ini"), ini],
          [absolute("env.py"), "from alembic import context\ncontext.configure(target_metadata=None)\n"],
          ...Array.from({ length: count }, (_, n) => [path(n), revision(n, parentsOf(n), `c${String(n)}`)] as const),
        ]);
        const store = new ProjectStore(memoryFiles(texts), memoryLog());
        await store.open(["/project"]);
        const states: { readonly project: Project; readonly expected: KnownSchema }[] = [];
        for (const [pick, column] of edits) {
          const n = pick % count;
          texts.set(path(n), revision(n, parentsOf(n), column));
          await store.update(path(n), texts.get(path(n)));
          const [project] = store.snapshot().projects;
          if (!project) throw new Error("there is no project");
          const kept = replayOf(project).at(project.history.heads);
          const anew = replayOf(await openTexts(texts));
          const expected = anew.at(project.history.heads);
          expect(compareSchemas(expected, kept)).toEqual({ differences: [], doubts: [] });
          states.push({ project, expected });
        }
        for (const { project, expected } of [...states, ...states.toReversed()]) {
          const asked = replayOf(project).at(project.history.heads);
          expect(compareSchemas(expected, asked)).toEqual({ differences: [], doubts: [] });
        }
      },
    ),
    { numRuns: 60 },
  );
});
