/**
 * Columns with keys, indexes, constraints and numbers on them, changed at once and in stages on two real databases, while
 * sessions write in between: each statement has the same outcome, and in the end the catalog and the rows are the same.
 *
 * A handful; `RETORT_ATTACHED=100` makes more of them, `RETORT_SEED` others.
 */
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { attachedMigrations, type AttachedMigration } from "../refactorings/attached-migrations.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { buildOnce } from "./retort.ts";
import { chainOf, contents, refactored, whole } from "./rewritten.ts";
import { useStages, type Stage, type State } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);
const open = useStages(databases, alembic);
const scope = createScope();
afterAll(() => scope.close());

const count = Number(process.env["RETORT_ATTACHED"] ?? 6);
const seed = Number(process.env["RETORT_SEED"] ?? 20);

const toMigration = ({ refactoring, given, upgrade, downgrade }: AttachedMigration): RefactoredMigration => ({
  name: "has much on its column",
  refactoring,
  at: refactoring === "stage-type-change" ? "type_=" : "new_column_name",
  given,
  upgrade: `    ${upgrade}`,
  downgrade: `    ${downgrade}`,
  parts: 3,
  makes: /CREATE TRIGGER/,
  batchSize: 3,
});

/** Where each of their own is kept: owner, type and options of each sequence. */
const sequences = `(SELECT c.relname, s.seqstart, s.seqincrement, s.seqcache, s.seqcycle, d.deptype,
    d.refobjid::regclass::text AS owner, a.attname
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid)`;

/** A change of type leaves its casts in what the server shows of expressions, and keeps them when it is undone. */
const plainly = (fact: string): string =>
  /^(?:index|constraint) /.test(fact) ? fact.replaceAll(/::(?:bigint|integer)|[()]/g, "") : fact;

/** Without the names that PostgreSQL 18 gives to NOT NULL. */
async function factsOf(stage: Stage, { schema, rows }: State): Promise<unknown> {
  return {
    schema: schema.filter((fact) => !/_not_null\d*: NOT NULL/.test(fact)).map(plainly),
    rows,
    sequences: await stage.rows(sequences),
  };
}

/** Sends each statement by itself; what comes of it, in the words of the server's codes. */
async function write(stage: Stage, statements: readonly string[], name: string): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const statement of statements) {
    const outcome = await stage.sql(statement.replaceAll("@", `"${name}"`)).then(
      () => "done",
      (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? "?") : "?"),
    );
    outcomes.push(`${statement}: ${outcome}`);
  }
  return outcomes;
}

test("what is changed in stages is what is changed at once, whoever writes meanwhile", async () => {
  await fc.assert(
    fc.asyncProperty(attachedMigrations, async (generated) => {
      const migration = toMigration(generated);
      const project = await refactored(scope, migration);
      const [expand = "", backfill = ""] = chainOf(project);
      const at = await open(whole(scope, migration), true);
      const staged = await open(project, true);
      const { names, writes, between } = generated;
      const [before, after] = names;
      const told = `${generated.given}\n${contents(project)}`;
      const same = async (): Promise<void> => {
        expect(await factsOf(staged, await staged.state()), told).toEqual(await factsOf(at, await at.state()));
      };
      /** By either name, once both are there. */
      const session = async (step: number, onWhole: string, onStaged: string): Promise<void> => {
        const statements = writes[step] ?? [];
        const expected = await write(at, statements, onWhole);
        expect(await write(staged, statements, onStaged), told).toEqual(expected);
      };
      await at.up(parent);
      await staged.up(parent);
      await session(0, before, before);
      await same();
      await staged.up(expand);
      await session(1, before, before);
      await staged.up(backfill);
      await session(2, before, before);
      await session(3, before, between);
      await at.up(mixed);
      await staged.up(mixed);
      await same();
      await session(4, after, after);
      await same();
      await at.down(parent);
      await staged.down(backfill);
      await session(5, before, before);
      await session(6, before, between);
      await staged.down(parent);
      await same();
      await at.up("head");
      await staged.up("head");
      await same();
    }),
    { numRuns: count, seed, endOnFailure: true },
  );
}, 1_200_000);
