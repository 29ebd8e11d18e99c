/** Histories of real projects, run by the real Alembic on a real PostgreSQL, against the replay. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packages } from "../../scripts/corpus/packages.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import { replayOf } from "../../server/src/project/replay.ts";
import { renderDdl } from "../../server/src/schema/ddl.ts";
import { histories, install, open, urlFor, writeHistory } from "./corpus-history.ts";
import { useDatabases } from "./postgres.ts";
import { compareWithServer } from "./replayed.ts";

const run = promisify(execFile);
const databases = useDatabases();

/** The others of the corpus: what Alembic said, or what the replay does not tell, when each was tried with its package. */
const others: readonly { readonly name: keyof typeof packages; readonly why: string }[] = [
  { name: "apache-superset", why: "its models need the initialized Flask application" },
  { name: "dagster", why: "its revisions ask the running instance, whose tables the application makes" },
  { name: "galaxy-data", why: "its history starts on tables that the application has made" },
  { name: "mlflow", why: "its first revisions alter tables that the application has made" },
  { name: "neutron", why: "one of its revisions runs MySQL's ALTER TABLE … CONVERT TO CHARACTER SET" },
];

const folder = mkdtempSync(path.join(tmpdir(), "retort-replay-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => loadEngine());

test.each(histories)(
  "$name",
  async (history) => {
    const { python, site } = await install(history);
    const root = path.join(folder, history.name);
    const database = await databases.create();
    const config = writeHistory(history, { root, site, url: urlFor(history, databases.server().url(database)) });
    await run(python, ["-m", "alembic", "-c", config, "upgrade", "heads"], {
      cwd: root,
      env: { ...process.env, HOME: root, ...history.variables },
      maxBuffer: 64 * 1024 * 1024,
    });
    const project = await open(root);
    const schema = replayOf(project).at(project.history.heads);
    const scratch = await databases.create();
    await databases.server().withClient(scratch, async (client) => {
      for (const extension of history.extensions ?? []) await client.query(`CREATE EXTENSION ${extension}`);
    });
    const { equal, differences } = await compareWithServer(databases, database, schema, scratch);
    expect(equal / (equal + differences.length)).toBeGreaterThanOrEqual(history.share?.atLeast ?? 0.97);
    const tables = [...schema.tables];
    const doubtful = tables.filter(({ doubt }) => doubt !== undefined).map(({ name }) => name.name);
    expect(doubtful.length, "how many tables are told not to be known wholly").toBe(history.doubtful ?? 0);
    // What differs is told to be unknown, by name or with its table; nothing is told wrongly.
    const told = renderDdl(schema).flatMap((statement) => statement.match(/^-- .*$/gm) ?? []);
    const names = told.flatMap(
      (line) => /(?:expression of|Constraint|Index|type of) (\S+) is not (?:known|made)/.exec(line)?.[1] ?? [],
    );
    const isTold = (difference: string): boolean =>
      names.some((one) => difference.includes(one)) || doubtful.includes(tableOf(difference) ?? "");
    expect(differences.filter((difference) => !isTold(difference))).toEqual([]);
  },
  900_000,
);

/** Of a fact as `snapshot.ts` writes it. */
function tableOf(fact: string): string | undefined {
  const [, kind, first = ""] = /^[-+] (\w+) (\S+)/.exec(fact) ?? [];
  if (kind === "column" || kind === "constraint") return first.replace(/\..*$/, "");
  if (kind === "index") return / ON public\."?(\w+)"? USING /.exec(fact)?.[1];
  return kind === "table" ? first.replace(/^public\./, "") : undefined;
}

test.skip.each(others)("$name is not held: $why", () => undefined);

test("every package of the corpus is held, or told why not", () => {
  expect([...histories, ...others].map(({ name }) => name).sort()).toEqual(Object.keys(packages).sort());
});
