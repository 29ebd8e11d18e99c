/**
 * The proof of refactorings over real code: revisions of real projects, and what is made of them, run by the real Alembic on
 * two real databases with the same rows, give the same schema and the same rows: up, down, and up again.
 *
 * A few of each project; `RETORT_CORPUS=all` takes all that are offered anywhere, `RETORT_REFACTORING=ID` those of one kind.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadEngine } from "../../server/src/host/engine.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import type { Refactoring } from "../../server/src/refactorings/define.ts";
import { allRefactorings } from "../../server/src/refactorings/index.ts";
import { offerOf } from "../../server/src/refactorings/offers.ts";
import { applyEdits, type Change } from "../../server/src/text/edit.ts";
import { startPython, type AlembicRequest, type Started } from "./alembic.ts";
import { histories, install, open, urlFor, writeHistory, type History } from "./corpus-history.ts";
import { useDatabases } from "./postgres.ts";
import { movesValues, namesNotNull } from "./rewrites.ts";
import { loadRows } from "./rows.ts";
import { readRows, readSchema, type Rows } from "./snapshot.ts";
import type { State } from "./stage.ts";

const databases = useDatabases();
const folder = mkdtempSync(path.join(tmpdir(), "retort-split-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => loadEngine());

const everything = process.env["RETORT_CORPUS"] === "all";
const only = process.env["RETORT_REFACTORING"];
const perProject = 6;

/** One thing that is offered in a revision. */
interface Offered {
  readonly refactoring: Refactoring;
  readonly id: string;
  readonly parent: string;
  readonly change: Change;
}

/** The way back is the refactoring's own; it leads to the schema before. */
const restores = new Set(["generate-downgrade", "complete-downgrade"]);
/** An enum of PostgreSQL has other values where the original leaves it as it is. */
const changesEnum = new Set(["rebuild-enum"]);

/** Everything that is offered in a revision, once. */
function* offersIn(project: Project, file: RevisionFile, id: string): Iterable<Offered> {
  const [parent, ...merged] = file.identifiers.downRevision?.value ?? [];
  const [upgrade] = file.upgrades;
  if (parent === undefined || merged.length > 0 || !upgrade) return;
  const ranges = [upgrade, ...upgrade.operations, ...file.downgrades].flatMap(({ nameRange }) => nameRange ?? []);
  for (const refactoring of allRefactorings) {
    if (refactoring.isOfEnvironment || (only !== undefined && refactoring.id !== only)) continue;
    const seen = new Set<string>();
    for (const range of ranges) {
      const place = { project, file, range };
      const offer = offerOf(refactoring, place);
      if (!offer || "unavailable" in offer) continue;
      const { change } = refactoring.apply(place, offer.plan);
      const key = JSON.stringify(change);
      if (!seen.has(key)) yield { refactoring, id, parent, change };
      seen.add(key);
    }
  }
}

/** Two splits, and one each of some other refactorings; the same in each run. */
function sampled(all: readonly Offered[]): readonly Offered[] {
  if (everything) return all;
  const chosen: Offered[] = [];
  const spread = [...all].sort((a, b) => hash(a) - hash(b));
  for (const one of spread) {
    const same = chosen.filter(({ refactoring }) => refactoring === one.refactoring).length;
    const most = one.refactoring.id === "split-mixed-migration" ? 2 : 1;
    const others = chosen.filter(({ refactoring }) => refactoring.id !== "split-mixed-migration").length;
    if (same < most && (most === 2 || others < perProject - 2)) chosen.push(one);
  }
  return all.filter((one) => chosen.includes(one));
}

const hash = ({ id, refactoring }: Offered): number =>
  [...`${id} ${refactoring.id}`].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);

/** So that a handful of rows makes several batches. */
const smallBatches = (text: string): string => text.replace("BATCH_SIZE = 10_000", "BATCH_SIZE = 3");

/** Makes the change on disk; answers what puts everything back. */
function make(project: Project, { create, edit }: Change, move: (file: string) => string): () => void {
  for (const { path: at, text } of create) {
    mkdirSync(path.dirname(move(at)), { recursive: true });
    writeFileSync(move(at), smallBatches(text), { flag: "wx" });
  }
  const text = (at: string): string => project.files.get(at)?.text ?? "";
  for (const { path: at, edits } of edit) writeFileSync(move(at), smallBatches(applyEdits(text(at), edits)));
  return () => {
    for (const { path: at } of create) rmSync(move(at));
    for (const { path: at } of edit) writeFileSync(move(at), text(at));
  };
}

/** A history on disk, and the database that it runs on. */
interface Side {
  readonly config: string;
  readonly database: string;
}

type Way = readonly ["upgrade" | "downgrade", string];

/** What the original leaves: before, and after each of up, down and up again, as far as it goes. */
interface Original {
  /** The database that every form of it starts from. */
  readonly start: string;
  readonly withRows: boolean;
  readonly states: readonly State[];
  readonly ways: readonly Way[];
}

class Proof {
  readonly #history: History;
  readonly #python: Started<AlembicRequest>;
  readonly #config: string;
  readonly faults: string[] = [];
  /** Of what was run: how much with rows in its tables, and how much came back; and what fails as it is, run alone. */
  readonly counts = { run: 0, withRows: 0, undone: 0, failing: 0 };

  /** @param config of the history as it is */
  constructor(history: History, python: Started<AlembicRequest>, config: string) {
    this.#history = history;
    this.#python = python;
    this.#config = config;
  }

  async run([command, revision]: Way, { config, database }: Side): Promise<State> {
    const server = databases.server();
    const options = { "sqlalchemy.url": urlFor(this.#history, server.url(database)) };
    await this.#python.run({ config, command, revision, options });
    return stateOf(database);
  }

  /** Undefined where the original itself fails. */
  attempt(way: Way, database: string): Promise<State | undefined> {
    return this.run(way, { config: this.#config, database }).catch(() => undefined);
  }

  /** @param trunk a database that stands at the revision's parent */
  async runOriginal({ id, parent }: Offered, trunk: string): Promise<Original | undefined> {
    const ways: readonly Way[] = [
      ["upgrade", id],
      ["downgrade", parent],
      ["upgrade", id],
    ];
    const loaded = await copyOf(trunk);
    await databases.server().withClient(loaded, loadRows);
    // Code that reads rows may not be made for ours: then without.
    for (const start of [loaded, trunk]) {
      const states = [await stateOf(start)];
      const whole = await copyOf(start);
      for (const way of ways) {
        const state = await this.attempt(way, whole);
        if (!state) break;
        states.push(state);
      }
      await drop(whole);
      if (states.length > 1) return { start, withRows: start === loaded, states, ways };
    }
    await drop(loaded);
    return undefined;
  }

  /** @param config of the history with the change in it */
  async prove(offered: Offered, original: Original, config: string): Promise<void> {
    const { id, refactoring } = offered;
    const parts = { config, database: await copyOf(original.start) };
    try {
      const ways = original.ways.slice(0, restores.has(refactoring.id) ? 3 : original.states.length - 1);
      for (const [step, way] of ways.entries()) {
        const isOwn = restores.has(refactoring.id) && step > 0;
        const expected = original.states[isOwn ? step - 1 : step + 1];
        if (!expected) throw new Error("the original has not run");
        await this.#compare(refactoring, await this.run(way, parts), expected, {
          rows: !isOwn && !movesValues.has(refactoring.id),
          original,
          step,
        });
        if (step === 0) this.counts.run++;
      }
      if (original.withRows) this.counts.withRows++;
      if (ways.length === 3) this.counts.undone++;
    } catch (error) {
      this.faults.push(`${refactoring.id} ${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await drop(parts.database);
  }

  async #compare(
    { id }: Refactoring,
    got: State,
    expected: State,
    { rows, original, step }: { readonly rows: boolean; readonly original: Original; readonly step: number },
  ): Promise<void> {
    const facts = ({ schema }: State): readonly string[] =>
      schema.filter((fact) => !namesNotNull.test(fact) && !(changesEnum.has(id) && fact.startsWith("enum ")));
    expect(facts(got)).toEqual(facts(expected));
    if (!rows || JSON.stringify(got.rows) === JSON.stringify(expected.rows)) return;
    // What the original itself fills otherwise each time is nothing to compare: new ids, the time of day.
    const again = await copyOf(original.start);
    let state: State | undefined;
    for (const way of original.ways.slice(0, step + 1)) state = await this.attempt(way, again);
    await drop(again);
    const changing = changingColumns(expected.rows, state?.rows ?? {});
    expect(without(changing, got.rows)).toEqual(without(changing, expected.rows));
  }
}

const stateOf = (database: string): Promise<State> =>
  databases.server().withClient(database, async (client) => ({
    schema: await readSchema(client),
    rows: await readRows(client),
  }));

const drop = (database: string): Promise<void> => databases.server().dropDatabase(database);

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

/** A folder with the history's revisions, compiled, and a project that runs them. */
async function copyHistory(history: History, { python, site }: Installed, name: string): Promise<string> {
  const root = path.join(folder, name, history.name);
  const versions = path.join(root, "versions");
  mkdirSync(root, { recursive: true });
  const isWanted = (file: string): boolean => !file.includes("__pycache__");
  cpSync(path.join(site, history.versions), versions, { recursive: true, filter: isWanted });
  await promisify(execFile)(python, ["-m", "compileall", "-q", versions]);
  return writeHistory(history, { root, site, versions });
}

type Installed = Awaited<ReturnType<typeof install>>;

test.each(histories)(
  "$name is migrated as before after what is offered in it",
  async (history) => {
    const installed = await install(history);
    const original = await copyHistory(history, installed, "original");
    const rewritten = await copyHistory(history, installed, "rewritten");
    const [from, to] = [original, rewritten].map((config) => slashed(path.dirname(config)));
    const project = await open(path.dirname(original));
    const all = project.history.order.flatMap((id) => {
      const file = project.history.revisions.get(id)?.file;
      return file ? [...offersIn(project, file, id)] : [];
    });
    const chosen = sampled(all);
    const variables = { HOME: folder, ...history.variables };
    const driver = startPython<AlembicRequest>(installed.python, "alembic_driver.py", variables);
    const proof = new Proof(history, driver, original);
    try {
      let trunk = await databases.create();
      for (const offers of grouped(chosen, ({ id }) => id).values()) {
        const [first] = offers;
        if (!first) continue;
        // What runs in one go need not run in steps: Alembic remembers within a run which types it has made.
        if (!(await proof.attempt(["upgrade", first.parent], trunk))) {
          trunk = await databases.create();
          await proof.run(["upgrade", first.parent], { config: original, database: trunk });
        }
        const whole = await proof.runOriginal(first, trunk);
        if (!whole) {
          proof.counts.failing += offers.length;
          continue;
        }
        for (const one of offers) {
          const undo = make(project, one.change, (file) => file.replace(from ?? "", to ?? ""));
          await proof.prove(one, whole, rewritten);
          undo();
        }
        if (whole.withRows) await drop(whole.start);
      }
    } finally {
      driver.stop();
    }
    if (everything) console.log(history.name, proof.counts, countsOf(chosen));
    expect(proof.faults).toEqual([]);
    expect(proof.counts.run + proof.counts.failing).toBe(chosen.length);
    expect(proof.counts.run).toBeGreaterThan(chosen.length === 0 ? -1 : 0);
  },
  everything ? 3_600_000 : 900_000,
);

const slashed = (file: string): string => file.split(path.sep).join("/");

function grouped(offers: readonly Offered[], key: (one: Offered) => string): ReadonlyMap<string, readonly Offered[]> {
  const groups = new Map<string, Offered[]>();
  for (const one of offers) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

const countsOf = (offers: readonly Offered[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...grouped(offers, ({ refactoring }) => refactoring.id)].map(([id, { length }]) => [id, length]));
