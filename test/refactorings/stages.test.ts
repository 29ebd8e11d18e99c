/** What holds for all that is staged, whatever the table: the stages lead to the original's schema, and back to where it leads. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { refactoringById } from "../../server/src/refactorings/offers.ts";
import { replayOf } from "../../server/src/project/replay.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { compareSchemas, renderDifference } from "../../server/src/schema/difference.ts";
import { playDirection } from "../../server/src/schema/replay/replay.ts";
import type { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { refactors } from "../support/cases.ts";
import { generatedMigrations, type GeneratedMigration } from "./staged-migrations.ts";

const indented = (code: string): string => code.replace(/^/gm, "    ");

const sourceOf = ({ table, upgrade, downgrade }: GeneratedMigration): string =>
  `-- versions/0001_given.py --\nop.execute(${JSON.stringify(table)})\n-- versions/0002_case.py --\ndef upgrade():\n${indented(upgrade).replace(/$/, "<|>")}\n\n\ndef downgrade():\n${indented(downgrade)}\n`;

/** From the last of the revisions back to the first, all of whose ways back are played. */
function wayBack(project: Project, revisions: readonly string[]): KnownSchema | undefined {
  const replay = replayOf(project);
  let schema = replay.revision(revisions.at(-1) ?? "")?.after;
  for (const id of revisions.toReversed()) {
    const [downgrade] = project.history.revisions.get(id)?.file.downgrades ?? [];
    if (schema && downgrade) schema = playDirection(schema, downgrade, replay.environment).after;
  }
  return schema;
}

test("the stages lead to the same schema, and their way back to the same as the original's", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(generatedMigrations, async (migration) => {
      const refactoring = refactoringById(migration.refactoring);
      if (!refactoring) throw new Error(`there is no ${migration.refactoring}`);
      const { before, after, parts } = await refactors(refactoring, sourceOf(migration));
      seen.add(migration.refactoring);
      const [old, now] = [
        wayBack(before, ["0002"]),
        wayBack(
          after,
          parts.map(({ revision }) => revision),
        ),
      ];
      if (!old || !now) throw new Error("nothing was replayed");
      expect(compareSchemas(old, now).differences.map(renderDifference)).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(seen.size).toBe(4);
});
