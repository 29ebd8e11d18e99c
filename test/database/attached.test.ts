/**
 * Columns with keys, indexes, constraints and numbers on them, changed at once and in stages on two real databases, while
 * sessions write in between: each statement has the same outcome, and in the end the catalog and the rows are the same.
 *
 * A handful; `RETORT_ATTACHED=100` makes more of them, `RETORT_SEED` others.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { attachedMigrations, type AttachedMigration } from "../refactorings/attached-migrations.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { mixed, parent } from "./project.ts";
import type { RefactoredMigration } from "./refactored.ts";
import { buildOnce, retort } from "./retort.ts";
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

test("a key and what points at it become bigint, one after the other, and count beyond what an integer holds", async () => {
  const alter = (to: string, ...columns: readonly string[]): string =>
    columns.map((at) => `    op.alter_column(${at}, type_=sa.${to}())`).join("\n");
  const [id, reference] = ['"users", "id"', '"orders", "user_id"'];
  const migration: RefactoredMigration = {
    name: "makes a key and its reference large",
    refactoring: "stage-type-change",
    at: `op.alter_column(${id}, type_=sa.BigInteger`,
    given: `
      CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE);
      CREATE TABLE orders (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE);
      CREATE INDEX ix_orders_user_id ON orders (user_id);
      INSERT INTO users (email) SELECT 'x' || n FROM generate_series(1, 9) n;
      INSERT INTO orders (user_id) SELECT n FROM generate_series(1, 9) n;`,
    upgrade: alter("BigInteger", id, reference),
    downgrade: alter("Integer", reference, id),
    parts: 3,
    makes: /USING INDEX users_pkey_new/,
  };
  const project = await refactored(scope, migration);
  const versions = path.dirname(project.file);
  const expand = path.join(versions, readdirSync(versions).find((name) => name.endsWith("_expand.py")) ?? "");
  const line =
    readFileSync(expand, "utf8")
      .split("\n")
      .findIndex((one) => one.includes(reference)) + 1;
  const outcome = await retort(project.folder, [
    "refactor",
    "stage-type-change",
    `${expand}:${String(line)}`,
    "--write",
  ]);
  expect(outcome.code, outcome.said).toBe(0);
  expect(chainOf(project)).toHaveLength(5);
  const at = await open(whole(scope, migration), true);
  const staged = await open(project, true);
  for (const [direction, revision] of [
    ["up", mixed],
    ["down", parent],
    ["up", "head"],
  ] as const) {
    const expected = await factsOf(at, await at[direction](revision));
    expect(await factsOf(staged, await staged[direction](revision)), contents(project)).toEqual(expected);
  }
  const large = `SELECT setval('users_id_seq', 2147483647); INSERT INTO users (email) VALUES ('new');
    INSERT INTO orders (user_id) SELECT max(id) FROM users`;
  // The original's sequence ends where an integer does.
  await expect(at.sql(large)).rejects.toThrow(/reached maximum value of sequence/);
  await staged.sql(large);
  expect(await staged.ask("SELECT max(user_id)::text FROM orders")).toBe("2147483648");
});
