import { afterEach, expect, test } from "vitest";
import type { GlancesAnswer, OperationsAnswer, ProjectsAnswer } from "../../server/src/protocol/index.ts";
import { renderStatistics } from "../../server/src/project/statistics.ts";
import { statistics } from "../support/statistics.ts";
import { startEditor, type Editor } from "./editor.ts";
import { project } from "./files.ts";

let editor: Editor;
afterEach(() => editor.close());

const revision = (id: string, down: string, body: string): string =>
  `"""${id} message"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = ${down}\n\n\ndef upgrade():\n${body}\n`;

async function open(files: Readonly<Record<string, string>>): Promise<string> {
  editor = await startEditor(files);
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  return projects[0]?.id ?? "";
}

test("a revision at a glance: the strongest lock with its table and size, mixed, and whether there is a way back", async () => {
  const projectId = await open({ ...project, "retort.stats.json": renderStatistics(statistics) });
  const { glances }: GlancesAnswer = await editor.connection.sendRequest("retort/glances", {
    projectId,
    ids: ["bbb222", "nobody", "aaa111"],
  });
  expect(glances.map(({ id }) => id)).toEqual(["bbb222", "aaa111"]);
  expect(glances[0]).toMatchObject({
    lock: { table: "users", mode: "AccessExclusiveLock", blocks: "blocks reads and writes" },
    isMixed: true,
    isPartlyUnknown: false,
    wayBack: "no",
  });
  expect(glances[0]?.lock?.waitsFor).toContain("AccessShareLock");
  expect(glances[0]?.lock?.size).toContain("rows");
  expect(glances[0]?.wayBackWhy).not.toBe("");
  expect(glances[1]).toMatchObject({ tables: [], isMixed: false, wayBack: "yes" });
  expect(glances[1]?.lock).toBeUndefined();
});

test("says that it does not know where an operation cannot be told", async () => {
  const projectId = await open({
    ...project,
    "migrations/versions/c.py": revision("ccc333", '"bbb222"', "    op.execute(open('x.sql').read())"),
  });
  const { glances }: GlancesAnswer = await editor.connection.sendRequest("retort/glances", {
    projectId,
    ids: ["ccc333"],
  });
  expect(glances[0]).toMatchObject({ isPartlyUnknown: true });
});

test("tells the operations of both directions as SQL, with locks and findings", async () => {
  const projectId = await open(project);
  const answer: OperationsAnswer = await editor.connection.sendRequest("retort/operations", {
    projectId,
    id: "bbb222",
  });
  if (!answer.ok) throw new Error(answer.reason);
  const [up, down] = answer.directions;
  expect(up?.operations.map(({ title, effect }) => [title, effect])).toEqual([
    ["add_column users.full_name", "schema"],
    ["UPDATE users", "data"],
    ["drop_column users.first_name", "schema"],
    ["drop_column users.last_name", "schema"],
  ]);
  expect(up?.operations[0]?.sql).toEqual(["ALTER TABLE users ADD COLUMN full_name character varying(200);"]);
  expect(up?.operations[0]?.impacts[0]).toBe("AccessExclusiveLock on users: blocks reads and writes");
  expect(up?.operations[1]?.sql[0]).toMatch(/^UPDATE users SET/);
  expect(up?.operations[1]?.range.start.line).toBeGreaterThan(up?.operations[0]?.range.start.line ?? 99);
  expect(down?.name).toBe("downgrade");
  expect(answer.findings.map(({ rule }) => rule)).toContain("mixed-schema-and-data");
  expect(await editor.connection.sendRequest("retort/operations", { projectId, id: "gone" })).toMatchObject({
    ok: false,
  });
});

test("draws the lines of rows where a history branches, and names a parent that is missing", async () => {
  await open({
    ...project,
    "migrations/versions/c.py": revision("ccc333", '"aaa111"', "    pass"),
    "migrations/versions/d.py": revision("ddd444", '"nobody"', "    pass"),
  });
  const { projects }: ProjectsAnswer = await editor.connection.sendRequest("retort/projects");
  const rows = new Map(projects[0]?.revisions.map((one) => [one.id, one]));
  expect(rows.get("aaa111")?.lines?.arriving).toHaveLength(2);
  expect(rows.get("ddd444")?.missingParents).toEqual(["nobody"]);
  expect(rows.get("ccc333")?.missingParents).toBeUndefined();
});
