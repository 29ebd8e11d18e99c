/**
 * The proof of refactorings over real code: revisions of real projects, and what is made of them, run by the real Alembic on
 * two real databases with the same rows, give the same schema and the same rows: up, down, and up again.
 *
 * A few of each project; `RETORT_CORPUS=all` takes all.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trySplit } from "../../scripts/corpus/splits.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { refactoringById } from "../../server/src/refactorings/offers.ts";
import { applyEdits, type Change } from "../../server/src/text/edit.ts";
import { startPython, type AlembicRequest, type Started } from "./alembic.ts";
import { histories, install, open, urlFor, writeHistory, type History } from "./corpus-history.ts";
import { useDatabases } from "./postgres.ts";
import { loadRows } from "./rows.ts";
import { readRows, readSchema, type Rows } from "./snapshot.ts";
import type { State } from "./stage.ts";

const databases = useDatabases();
const folder = mkdtempSync(path.join(tmpdir(), "retort-split-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => loadEngine());

const everything = process.env["RETORT_CORPUS"] === "all";
const perProject = everything ? Infinity : 2;

interface Changed {
  readonly id: string;
  readonly parent: string;
}

/** One half of a comparison: a history, and the database that it runs on. */
interface Side {
  readonly config: string;
  readonly database: string;
}

type Rewrite = (project: Project, file: RevisionFile) => Change | undefined;

const splitMixed: Rewrite = (project, file) => {
  const split = trySplit(project, file);
  return split.outcome === "made" ? split.result.change : undefined;
};

/** The first index of a revision that can be built so, with all that go along. */
const buildConcurrently: Rewrite = (project, file) => {
  const refactoring = refactoringById("build-index-concurrently");
  for (const { kind, nameRange } of file.upgrades[0]?.operations ?? []) {
    const place = { project, file, range: nameRange };
    const offer = kind === "create_index" ? refactoring?.plan(place) : undefined;
    if (refactoring && offer && !("unavailable" in offer)) return refactoring.apply(place, offer.plan).change;
  }
  return undefined;
};

const rewrites: Readonly<Record<string, Rewrite>> = {
  "split-mixed-migration": splitMixed,
  "build-index-concurrently": buildConcurrently,
};

/** Makes every change that is offered, in the folder of its history; answers which revisions were changed, in order. */
function rewriteAll(project: Project, rewrite: Rewrite): readonly Changed[] {
  return project.history.order.flatMap((id) => {
    const file = project.history.revisions.get(id)?.file;
    const [parent, ...others] = file?.identifiers.downRevision?.value ?? [];
    const change = file && rewrite(project, file);
    if (!change) return [];
    for (const { path: at, text } of change.create) writeFileSync(at, text, { flag: "wx" });
    for (const { path: at, edits } of change.edit)
      writeFileSync(at, applyEdits(project.files.get(at)?.text ?? "", edits));
    return parent === undefined || others.length > 0 ? [] : [{ id, parent }];
  });
}

/** Spread over the history, and the same in each run. */
const sampled = (all: readonly Changed[]): readonly Changed[] =>
  all.length <= perProject ? all : all.filter((_, i) => (i * perProject) % all.length < perProject);

class Proof {
  readonly #history: History;
  readonly #python: Started<AlembicRequest>;
  readonly faults: string[] = [];
  /** Of what was run: how much with rows in its tables, and how much came back; and what fails as it is, run alone. */
  readonly counts = { run: 0, withRows: 0, undone: 0, failing: 0 };

  constructor(history: History, python: Started<AlembicRequest>) {
    this.#history = history;
    this.#python = python;
  }

  async run(command: "upgrade" | "downgrade", { config, database }: Side, revision: string): Promise<State> {
    const server = databases.server();
    const options = { "sqlalchemy.url": urlFor(this.#history, server.url(database)) };
    await this.#python.run({ config, command, revision, options });
    return server.withClient(database, async (client) => ({
      schema: await readSchema(client),
      rows: await readRows(client),
    }));
  }

  /** Undefined where the original itself fails. */
  async attempt(command: "upgrade" | "downgrade", side: Side, revision: string): Promise<State | undefined> {
    return this.run(command, side, revision).catch(() => undefined);
  }

  /** @param trunk a database that stands at the revision's parent */
  async prove({ id, parent }: Changed, trunk: string, original: string, rewritten: string): Promise<void> {
    const loaded = await copyOf(trunk);
    await databases.server().withClient(loaded, loadRows);
    const first = { config: original, database: await copyOf(loaded) };
    const withRows = await this.attempt("upgrade", first, id);
    // Code that reads rows may not be made for ours: then without.
    const start = withRows ? loaded : trunk;
    const whole = withRows ? first : { config: original, database: await copyOf(trunk) };
    const up = withRows ?? (await this.attempt("upgrade", whole, id));
    if (!up) {
      this.counts.failing++;
      return;
    }
    const again = { config: original, database: await copyOf(start) };
    const changing = changingColumns(up.rows, (await this.run("upgrade", again, id)).rows);
    const parts = { config: rewritten, database: await copyOf(start) };
    const compare = async (command: "upgrade" | "downgrade", revision: string, expected: State): Promise<void> => {
      const got = await this.run(command, parts, revision);
      expect(got.schema).toEqual(expected.schema);
      expect(without(changing, got.rows)).toEqual(without(changing, expected.rows));
    };
    try {
      await compare("upgrade", id, up);
      this.counts.run++;
      if (withRows) this.counts.withRows++;
      const down = await this.attempt("downgrade", whole, parent);
      if (!down) return;
      await compare("downgrade", parent, down);
      const upAgain = await this.attempt("upgrade", whole, id);
      if (!upAgain) return;
      await compare("upgrade", id, upAgain);
      this.counts.undone++;
    } catch (error) {
      this.faults.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

let copies = 0;

async function copyOf(database: string): Promise<string> {
  const name = `copy_${String(++copies)}`;
  await databases
    .server()
    .withClient("postgres", (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${database}`));
  return name;
}

type Row = Readonly<Record<string, unknown>>;

const parsed = (rows: Rows): ReadonlyMap<string, readonly Row[]> =>
  new Map(Object.entries(rows).map(([table, lines]) => [table, lines.map((line) => JSON.parse(line) as Row)]));

const valuesOf = (rows: readonly Row[], column: string): string =>
  rows
    .map((row) => JSON.stringify(row[column] ?? null))
    .sort()
    .join();

/** Columns that the original itself fills otherwise each time: new ids, the time of day. */
function changingColumns(one: Rows, other: Rows): ReadonlySet<string> {
  const others = parsed(other);
  return new Set(
    [...parsed(one)].flatMap(([table, rows]) =>
      Object.keys(rows[0] ?? {}).flatMap((column) =>
        valuesOf(rows, column) === valuesOf(others.get(table) ?? [], column) ? [] : [`${table}.${column}`],
      ),
    ),
  );
}

const without = (columns: ReadonlySet<string>, rows: Rows): unknown =>
  Object.fromEntries(
    [...parsed(rows)].map(([table, lines]) => [
      table,
      lines
        .map((row) =>
          JSON.stringify(
            Object.entries(row)
              .filter(([column]) => !columns.has(`${table}.${column}`))
              .sort(),
          ),
        )
        .sort(),
    ]),
  );

/** A folder with the history's revisions, and a project that runs them. */
function copyHistory(history: History, site: string, name: string): string {
  const root = path.join(folder, name, history.name);
  const versions = path.join(root, "versions");
  mkdirSync(root, { recursive: true });
  const isWanted = (file: string): boolean => !file.includes("__pycache__");
  cpSync(path.join(site, history.versions), versions, { recursive: true, filter: isWanted });
  return writeHistory(history, { root, site, versions });
}

const cases = histories.flatMap((history) =>
  Object.entries(rewrites).map(([refactoring, rewrite]) => ({ name: history.name, history, refactoring, rewrite })),
);

test.each(cases)(
  "$name is migrated after $refactoring as before",
  async ({ history, refactoring, rewrite }) => {
    const { python, site } = await install(history);
    const original = copyHistory(history, site, `original-${refactoring}`);
    const rewritten = copyHistory(history, site, refactoring);
    const changed = sampled(rewriteAll(await open(path.dirname(rewritten)), rewrite));
    const driver = startPython<AlembicRequest>(python, "alembic_driver.py", { HOME: folder, ...history.variables });
    const proof = new Proof(history, driver);
    try {
      let trunk = { config: original, database: await databases.create() };
      for (const one of changed) {
        // What runs in one go need not run in steps: Alembic remembers within a run which types it has made.
        if (!(await proof.attempt("upgrade", trunk, one.parent))) {
          trunk = { config: original, database: await databases.create() };
          await proof.run("upgrade", trunk, one.parent);
        }
        await proof.prove(one, trunk.database, original, rewritten);
      }
    } finally {
      driver.stop();
    }
    expect(proof.faults).toEqual([]);
    expect(proof.counts.run + proof.counts.failing).toBe(changed.length);
    expect(proof.counts.run).toBeGreaterThan(changed.length === 0 ? -1 : 0);
    if (everything) console.log(history.name, refactoring, proof.counts);
  },
  900_000,
);
