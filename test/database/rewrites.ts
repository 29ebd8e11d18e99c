/** What a refactoring makes of a fixture, run beside the original; and what may differ between the two, each with its reason. */
import { expect } from "vitest";
import type { Refactored } from "../support/cases.ts";
import { relative, type FixtureProject } from "../support/project.ts";
import { isState, type Outcome, type Prover, type Run, type Step, type Texts } from "./proving.ts";
import { loadRows, type Load } from "./rows.ts";
import type { Rows } from "./snapshot.ts";
import type { State } from "./stage.ts";

/** What is not the same with a refactoring, and is not meant to be. */
export interface Difference {
  readonly because: string;
  /** The original does not run at all, for this. */
  readonly original?: RegExp;
  /** The original stops at some rows; the rewritten one must not. */
  readonly mends?: true;
  /** The original's way back is none; the rewritten one leads to the state before. */
  readonly restores?: true;
  /** Rows are others: it keeps what the original loses. */
  readonly schemaOnly?: true;
  /** Facts of the schema. */
  readonly facts?: RegExp;
  /** Columns whose values are others, as `table.column`, and tables. */
  readonly values?: readonly string[];
}

export const differences: Readonly<Record<string, Difference>> = {
  "generate-downgrade": {
    because: "the original has no downgrade",
    restores: true,
  },
  "complete-downgrade": { because: "the original's downgrade forgets something", restores: true },
  "bind-parameters": {
    because: "a quote in a value ends the original's SQL, and a list without values is none",
    mends: true,
  },
  "wrap-in-text": { because: "SQLAlchemy 2 does not take a bare string", original: /ObjectNotExecutableError/ },
  "translate-sql": { because: "PostgreSQL does not know MySQL's words", original: /SyntaxError|UndefinedFunction/ },
  "add-enum-value": {
    because: "PostgreSQL does not let a value be used in the transaction that adds it",
    original: /UnsafeNewEnumValueUsage/,
  },
  "stage-type-change": {
    because: "a default that moves to the new column is written in the words of its type",
    facts: /^column t\.a (?:text|bigint) NOT NULL DEFAULT (?:1|'1'::\w+)$/,
  },
  "rebuild-enum": {
    because: "PostgreSQL does not look at the list of values, so the original changes nothing",
    facts: /^enum /,
  },
  "split-json-column": {
    because: "the original loses the values",
    values: ["users.city", "users.floor", "users.address"],
  },
  "normalize-list-column": { because: "the original loses the values", values: ["tags", "post_tags", "posts.tags"] },
  "flag-from-nullable": { because: "the original loses the values", values: ["users.is_deleted", "users.deleted_at"] },
  "rename-not-drop-and-add": { because: "the original loses the values", values: ["users.full_name", "users.name"] },
  "extract-data-script": {
    because: "the rows are changed by a script that is run by itself",
    values: ["orders.total_cents"],
  },
};

/** What a refactoring keeps that its original loses, or leaves to a script: the schemas are the same, the rows are not. */
export const movesValues: ReadonlySet<string> = new Set([
  "rename-not-drop-and-add",
  "split-json-column",
  "normalize-list-column",
  "flag-from-nullable",
  "extract-data-script",
]);

export interface Rewrite {
  readonly original: Texts;
  readonly rewritten: Texts;
  /** Where both stand when their rows are loaded. */
  readonly start: string;
}

/** Python only; an env.py that a fixture has for the engine's sake cannot run. */
const runnable = (files: Texts): Texts =>
  new Map(
    [...files]
      .filter(([path, text]) => path.endsWith(".py") && (path !== "env.py" || text.includes("engine_from_config")))
      // So that there are several batches.
      .map(([path, text]) => [path, text.replace("BATCH_SIZE = 10_000", "BATCH_SIZE = 7")]),
  );

/** A fixture as it is, for what is made of it in several ways. */
export const originalOf = (
  { texts }: Pick<FixtureProject, "texts">,
  start: string,
): Pick<Rewrite, "original" | "start"> => ({
  original: runnable(new Map([...texts].map(([path, text]) => [relative(path), text]))),
  start,
});

/** The case starts at the parent of what is rewritten; where that is not a revision, at the first. */
export function rewriteOf({ original, files, before }: Refactored): Rewrite {
  const { order, revisions } = before.history;
  const changed = order.find((id) => {
    const path = [...original.keys()].find((one) => revisions.get(id)?.file.path.endsWith(`/${one}`) === true);
    return path !== undefined && original.get(path) !== files.get(path);
  });
  const parents = changed === undefined ? [order[0] ?? "base"] : (revisions.get(changed)?.parents ?? []);
  return { original: runnable(original), rewritten: runnable(files), start: parents[0] ?? "base" };
}

/** PostgreSQL 18 names what makes a column NOT NULL, by what the table and the column were called when it was made. */
export const namesNotNull = /^constraint \S+ \S+: NOT NULL /;

function comparable({ schema, rows }: State, { facts, values = [] }: Partial<Difference>): State {
  const ignored = new Set(values);
  return {
    schema: schema.filter((fact) => !namesNotNull.test(fact) && facts?.test(fact) !== true),
    rows: Object.fromEntries(
      Object.entries(rows).flatMap(([table, lines]) =>
        ignored.has(table) ? [] : [[table, lines.map((line) => withoutColumns(table, line, ignored)).sort()]],
      ),
    ) satisfies Rows,
  };
}

const withoutColumns = (table: string, line: string, ignored: ReadonlySet<string>): string => {
  const row = Object.entries(JSON.parse(line) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(row.filter(([column]) => !ignored.has(`${table}.${column}`)).sort()));
};

export interface Proving {
  readonly load?: Load;
  /** SQL that makes what the revisions meet. */
  readonly given?: string;
  /** SQL that makes the rows such as the case needs them. */
  readonly change?: string;
  readonly perMigration: boolean;
  /** Where the way back is none: what is made anew over what is there tells nothing. */
  readonly isOneWay?: boolean;
  readonly difference?: Partial<Difference>;
}

const up: Step = ["upgrade", "heads"];
const stepsFrom = (start: string, isOneWay = false): readonly Step[] => [
  up,
  ["downgrade", start],
  ...(isOneWay ? [] : [up]),
];

const runOf = (start: string, { load, given, change, perMigration, isOneWay }: Proving): Omit<Run, "texts"> => ({
  start: start === "base" ? [] : [["upgrade", start]],
  steps: stepsFrom(start, isOneWay),
  perMigration,
  ...(given !== undefined && { given }),
  async load(client) {
    if (load) await loadRows(client, load);
    if (change !== undefined) await client.query(change);
  },
});

/** Lines that are on one side only. */
const differing = (is: Rows, was: Rows): readonly string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((table) => {
    const [now, before] = [is[table] ?? [], was[table] ?? []];
    return [
      ...before.filter((line) => !now.includes(line)).map((line) => `- ${table}: ${line}`),
      ...now.filter((line) => !before.includes(line)).map((line) => `+ ${table}: ${line}`),
      ...(now.length === before.length ? [] : [`${table}: ${String(now.length)} and not ${String(before.length)}`]),
    ];
  });

export interface Proven {
  /** How many steps both have gone, and left the same: up, down, and up again. */
  readonly steps: number;
  /** Why the original went no further. */
  readonly stop?: string;
}

/** @throws where the two differ in what is not told to differ */
export async function prove(prover: Prover, rewrite: Rewrite, proving: Proving): Promise<Proven> {
  const original = await runOriginal(prover, rewrite, proving);
  return proveAgainst(original, prover, rewrite, proving);
}

/** For several rewrites of it, run once. */
export const runOriginal = (
  prover: Prover,
  { original: texts, start }: Pick<Rewrite, "original" | "start">,
  proving: Proving,
): Promise<readonly Outcome[]> => prover.run("original", { ...runOf(start, proving), texts });

/** The same for an original that has been run. */
export async function proveAgainst(
  original: readonly Outcome[],
  prover: Prover,
  { rewritten: texts, start }: Rewrite,
  proving: Proving,
): Promise<Proven> {
  const { difference = {} } = proving;
  const run = runOf(start, proving);
  const rewritten = await prover.run("rewritten", { ...run, texts });
  const shown = [...texts].map(([path, text]) => `--- ${path}\n${text}`).join("\n");
  for (const [step, title] of ["at the start", ...run.steps.map((one) => one.join(" "))].entries()) {
    // A way back that the original has not: it leads to what was there before, and from there on again.
    const isOwn = difference.restores === true && step > 1;
    const outcome = original[isOwn ? step - 2 : step];
    const got = rewritten[step];
    if (!isState(outcome)) {
      const isMended = difference.original !== undefined || difference.mends === true;
      const failure = outcome?.failure ?? "it stopped before";
      expect(isMended ? rewritten.every(isState) : !isState(got), `${title}: ${failure}\n${shown}`).toBe(true);
      return { steps: step - 1, stop: failure };
    }
    if (!isState(got)) throw new Error(`${title}: ${got?.failure ?? "it stopped before"}\n${shown}`);
    const [is, was] = [comparable(got, difference), comparable(outcome, difference)];
    const isOnlySchema = isOwn || difference.schemaOnly === true;
    const lines = [
      ...(isOnlySchema ? [] : differing(is.rows, was.rows)),
      ...differing({ schema: is.schema }, { schema: was.schema }),
    ];
    if (lines.length > 0) throw new Error(`${title}:\n${lines.join("\n")}\n${shown}`);
  }
  return { steps: run.steps.length };
}
