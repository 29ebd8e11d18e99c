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
import { failing, histories, install, open, urlFor, writeHistory, type History } from "./corpus-history.ts";
import { useDatabases } from "./postgres.ts";
import { compareWithServer } from "./replayed.ts";

const run = promisify(execFile);
const databases = useDatabases();

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
    expect(equal / (equal + differences.length)).toBeGreaterThanOrEqual(0.97);
    expect(explain(differences, history.differences), "each difference is explained, and no other").toEqual(
      (history.differences ?? []).map(({ count, why }) => ({ count, why })),
    );
    const tables = [...schema.tables];
    const doubtful = tables.filter(({ doubt }) => doubt !== undefined).map(({ name }) => name.name);
    expect(doubtful.length, "how many tables are told not to be known wholly").toBe(history.doubtful ?? 0);
    // What differs is told to be unknown, by name or with its table; nothing is told wrongly.
    const told = renderDdl(schema).flatMap((statement) => statement.match(/^-- .*$/gm) ?? []);
    const names = told.flatMap(
      (line) => /(?:expression of|Constraint|Index|type of) (\S+) is not (?:known|made)/.exec(line)?.[1] ?? [],
    );
    const nameless = tables
      .filter(({ constraints }) => constraints.some((one) => one.name === undefined))
      .map(({ name }) => name.name);
    const isTold = (difference: string): boolean => {
      const table = tableOf(difference) ?? "";
      const isNamed = /^- (?:constraint|index) /.test(difference);
      return (
        names.some((one) => difference.includes(one)) ||
        doubtful.includes(table) ||
        (isNamed && nameless.includes(table))
      );
    };
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

/** How many differences each of the reasons explains, and those that none does. */
function explain(differences: readonly string[], reasons: History["differences"] = []): readonly object[] {
  const explained = reasons.map(({ like, why }) => ({
    count: differences.filter((difference) => like.test(difference)).length,
    why,
  }));
  return [
    ...explained,
    ...differences.filter((one) => !reasons.some(({ like }) => like.test(one))).map((one) => ({ one })),
  ];
}

/** They take many minutes to install, to learn that nothing has changed. */
test.runIf(process.env["RETORT_TRY_ALL"]).each(failing)(
  "$name is not held: $why",
  async (history) => {
    const { python, site } = await install(history);
    const root = path.join(folder, history.name);
    const database = await databases.create();
    const config = writeHistory(history, { root, site, url: urlFor({}, databases.server().url(database)) });
    const upgrade = run(python, ["-m", "alembic", "-c", config, "upgrade", "heads"], {
      cwd: root,
      env: { ...process.env, HOME: root },
      maxBuffer: 64 * 1024 * 1024,
    });
    await expect(upgrade).rejects.toThrow(history.says);
  },
  900_000,
);

test("every package of the corpus is held, or told why not", () => {
  expect([...histories, ...failing].map(({ name }) => name).sort()).toEqual(Object.keys(packages).sort());
});
