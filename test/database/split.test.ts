/**
 * The proof of the split: the original and its parts, run by the real Alembic on two real databases with the same
 * rows, give the same schema and the same rows, up and down, whole and part by part.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScope } from "../../scripts/host/scope.ts";
import { useAlembic } from "./alembic.ts";
import { type MixedMigration, mixedMigrations, refusedMigrations } from "./mixed.ts";
import { useDatabases } from "./postgres.ts";
import { child, mixed, parent, type SmallProject, writeProject } from "./project.ts";
import { buildOnce, splitFile } from "./retort.ts";
import { useStages, type State } from "./stage.ts";

const databases = useDatabases();
const alembic = useAlembic();
beforeAll(buildOnce);

const open = useStages(databases, alembic);

interface Parts {
  readonly project: SmallProject;
  /** From the parent's child to the original, in the order of the history. */
  readonly chain: readonly string[];
}

const scope = createScope();
afterAll(() => scope.close());
const whole = (migration: MixedMigration): SmallProject => writeProject(scope.folder("whole"), migration);

/** Each migration is split once: its tests only read the outcome. */
const splits = new Map<MixedMigration, Promise<Parts | undefined>>();
function split(migration: MixedMigration): Promise<Parts | undefined> {
  const parts = splits.get(migration) ?? makeSplit(migration);
  splits.set(migration, parts);
  return parts;
}

/** `undefined` where a case that need not be cut is refused. */
async function makeSplit(migration: MixedMigration): Promise<Parts | undefined> {
  const project = writeProject(scope.folder("split"), migration);
  const outcome = await splitFile(project.folder, project.file);
  if (outcome.code !== 0 && migration.parts === "any") {
    expect(outcome.said, "a refusal gives its reason").toMatch(/\w{3,}/);
    return undefined;
  }
  expect(outcome.code, outcome.said).toBe(0);
  const history = (await alembic.run({ config: project.config, command: "history" })) as string[];
  const chain = history.toReversed().slice(1, -1);
  expect(chain.at(-1), "the last part keeps the original's id").toBe(mixed);
  if (migration.parts !== "any") expect(chain, contents(project)).toHaveLength(migration.parts);
  return { project, chain };
}

/** All revision files, for the message of a failure. */
function contents(project: SmallProject): string {
  const versions = path.dirname(project.file);
  const files = readdirSync(versions).filter((name) => name.endsWith(".py"));
  return files.map((name) => `--- ${name}\n${readFileSync(path.join(versions, name), "utf8")}`).join("\n");
}

describe.each(mixedMigrations)("a migration that $name", (migration) => {
  test("gives the same schema and rows when it is split", async () => {
    const parts = await split(migration);
    if (parts === undefined) return;
    const { project, chain } = parts;
    const original = await open(whole(migration));
    const cut = await open(project);
    const before = await original.up(parent);
    expect(await cut.up(parent)).toEqual(before);

    const after = await original.up(mixed);
    const levels: State[] = [before];
    for (const revision of chain) levels.push(await cut.up(revision));
    expect(levels.at(-1), contents(project)).toEqual(after);
    if (migration.irreversible) return;

    const undone = await original.down(parent);
    if (!migration.lossy) expect(undone.schema, "the original's own downgrade is right").toEqual(before.schema);
    for (const level of levels.toReversed().slice(1)) {
      const { schema } = await cut.down("-1");
      if (!migration.lossy && !migration.undoneAsWhole) expect(schema, contents(project)).toEqual(level.schema);
    }
    expect(await cut.state(), contents(project)).toEqual(undone);
  });

  test("can be stepped down and up at every part", async () => {
    const parts =
      migration.irreversible || migration.lossy || migration.undoneAsWhole ? undefined : await split(migration);
    if (parts === undefined) return;
    const { project, chain } = parts;
    const original = await open(whole(migration));
    const cut = await open(project);
    await cut.up(parent);
    for (const revision of chain) {
      const { schema } = await cut.state();
      const there = await cut.up(revision);
      expect((await cut.down("-1")).schema, contents(project)).toEqual(schema);
      expect((await cut.up(revision)).schema).toEqual(there.schema);
    }
    const after = await original.up(mixed);
    const end = await cut.state();
    expect(end.schema).toEqual(after.schema);
    if (!migration.notRepeatable) expect(end.rows, contents(project)).toEqual(after.rows);
  });

  test.each([false, true])("runs to the child at once, with a transaction per migration: %s", async (perMigration) => {
    const parts = await split(migration);
    if (parts === undefined) return;
    const original = await open(whole(migration), perMigration);
    const cut = await open(parts.project, perMigration);
    expect(await cut.up("head"), contents(parts.project)).toEqual(await original.up("head"));
    expect(await cut.standing()).toEqual([child]);
    if (migration.irreversible) return;
    expect(await cut.down(parent), contents(parts.project)).toEqual(await original.down(parent));
  });
});

describe.each(refusedMigrations)("a migration that $name", (migration) => {
  test("is refused with a reason, and nothing is written", async () => {
    const project = writeProject(scope.folder("refused"), migration);
    const before = contents(project);
    const outcome = await splitFile(project.folder, project.file);
    expect(outcome.code, outcome.said).not.toBe(0);
    expect(outcome.said).toMatch(/\w{3,}/);
    expect(outcome.said).not.toMatch(/\bat .*\.(cjs|ts):\d+/);
    expect(contents(project)).toBe(before);
  });
});

describe("a large table", () => {
  const large: MixedMigration = {
    name: "is large",
    given: `CREATE TABLE users (id bigint PRIMARY KEY, first_name text, last_name text);
      INSERT INTO users SELECT n, 'F' || n, 'L' || n FROM generate_series(1, 200000) n;`,
    upgrade: `
    op.add_column("users", sa.Column("full_name", sa.String(200)))
    op.execute("UPDATE users SET full_name = first_name || ' ' || last_name")
    op.drop_column("users", "first_name")
    op.drop_column("users", "last_name")`,
    downgrade: `
    op.add_column("users", sa.Column("last_name", sa.Text()))
    op.add_column("users", sa.Column("first_name", sa.Text()))
    op.drop_column("users", "full_name")`,
    parts: 3,
  };

  test("is migrated by the parts as by the original", async () => {
    const parts = await split(large);
    const original = await open(whole(large));
    if (parts === undefined) throw new Error("not split");
    const cut = await open(parts.project, true);
    const [one, two] = [await original.up("head"), await cut.up("head")];
    expect(two.schema).toEqual(one.schema);
    expect(two.rows["users"]?.length).toBe(200_000);
    expect(JSON.stringify(two.rows) === JSON.stringify(one.rows)).toBe(true);
  });
});
