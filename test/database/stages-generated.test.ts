/** Generated tables and rows, run by the real Alembic as they are and in stages: the same schema and rows, up, down and up again. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { generatedMigrations, type GeneratedMigration } from "../refactorings/staged-migrations.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { buildOnce } from "./retort.ts";
import { contents, refactored, whole } from "./rewritten.ts";
import { useStages, type State } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

const migrations = 16;

const indented = (code: string): string => code.replace(/^/gm, "    ");

const toMigration = ({ refactoring, table, rows, upgrade, downgrade }: GeneratedMigration): RefactoredMigration => ({
  name: "is generated",
  refactoring,
  at: refactoring === "stage-type-change" ? "type_=" : upgrade.slice(0, upgrade.indexOf("(")),
  given: `${table};\n${rows}`,
  upgrade: indented(upgrade),
  downgrade: indented(downgrade),
  parts: refactoring.startsWith("park") ? 2 : 3,
  makes: /_parked|CREATE TRIGGER/,
  ...(!refactoring.startsWith("park") && { batchSize: 5 }),
});

/** Without the names that PostgreSQL 18 gives to NOT NULL. */
const facts = ({ schema, rows }: State): State => ({
  schema: schema.filter((fact) => !/_not_null\d*: NOT NULL/.test(fact)),
  rows,
});

test("what is staged ends as the original does", async () => {
  await fc.assert(
    fc.asyncProperty(generatedMigrations, async (generated) => {
      const migration = toMigration(generated);
      const project = await refactored(scope, migration);
      const original = await open(whole(scope, migration), true);
      const staged = await open(project, true);
      for (const run of [
        ["up", parent],
        ["up", mixed],
        ["down", parent],
        ["up", "head"],
      ] as const) {
        const [direction, revision] = run;
        const expected = facts(await original[direction](revision));
        expect(facts(await staged[direction](revision)), `${run.join(" ")}\n${contents(project)}`).toEqual(expected);
      }
    }),
    { numRuns: migrations, endOnFailure: true },
  );
}, 600_000);
