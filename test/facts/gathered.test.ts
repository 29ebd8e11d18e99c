/** What is kept up with edits is what a fresh look at the same texts tells. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { isFunctionMadeBefore } from "../../server/src/facts/functions.ts";
import { deedsBeside, hasStrangersBeside, relationsBeside } from "../../server/src/facts/past.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import { absolute, openTexts, root } from "../support/project.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

beforeAll(loadEngine);

const tables = ["users", "orders", "days"];
const operations = [
  ...tables.flatMap((table) => [
    `op.create_table("${table}", sa.Column("id", sa.Integer))`,
    `op.drop_table("${table}")`,
    `op.add_column("${table}", sa.Column("name", sa.Text))`,
    `op.drop_column("${table}", "name")`,
    `op.create_table("${table}", sa.Column("id", sa.Integer), schema="other")`,
  ]),
  `op.rename_table("users", "people")`,
  `op.execute("CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql")`,
  `op.execute("CREATE VIEW days AS SELECT 1")`,
];

const revision = (id: string, parent: string | undefined, body: readonly string[]): string =>
  [
    "from alembic import op",
    "import sqlalchemy as sa",
    `revision = "${id}"`,
    `down_revision = ${parent === undefined ? "None" : JSON.stringify(parent)}`,
    "def upgrade():",
    ...[...body, "pass"].map((line) => `    ${line}`),
    "def downgrade():",
    "    pass",
    "",
  ].join("\n");

const ids = ["r1", "r2", "r3", "r4"];
/** The last two are branches. */
const parents: Record<string, string> = { r2: "r1", r3: "r2", r4: "r2" };
const pathOf = (id: string): string => absolute(`versions/${id}.py`);

const bodies = fc.array(fc.constantFrom(...operations), { maxLength: 3 });

const told = (project: Project) =>
  ids.map((id) => {
    const file = project.history.revisions.get(id)?.file;
    return {
      strangers: hasStrangersBeside(project, id),
      functions: file && isFunctionMadeBefore(project, file, { name: "f" }),
      tables: tables.map((name) => ({
        relations: relationsBeside(project, id, name),
        made: deedsBeside(project, id, "made", { type: "table", name: { name } }),
        taken: deedsBeside(project, id, "taken", { type: "table", name: { name } }),
        people: deedsBeside(project, id, "made", { type: "table", name: { name: "people" } }),
        column: deedsBeside(project, id, "made", { type: "column", name: { name }, column: "name" }),
      })),
    };
  });

test("after any edits, what the history is asked is what a fresh reading of it tells", async () => {
  const edit = fc.tuple(fc.constantFrom(...ids), bodies, fc.boolean());
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(bodies, bodies, bodies, bodies),
      fc.array(edit, { maxLength: 6 }),
      async (first, edits) => {
        const texts = new Map<string, string>([
          [absolute("alembic.ini"), "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://h/d\n"],
          [absolute("env.py"), "from alembic import context\ncontext.configure()\n"],
          ...ids.map((id, i): [string, string] => [pathOf(id), revision(id, parents[id], first[i] ?? [])]),
        ]);
        const store = new ProjectStore(memoryFiles(texts), memoryLog());
        await store.open([root]);
        const snapshots = [];
        for (const [id, body, isAsked] of edits) {
          texts.set(pathOf(id), revision(id, parents[id], body));
          await store.update(pathOf(id), texts.get(pathOf(id)));
          const [project] = store.snapshot().projects;
          if (!project || !isAsked) continue;
          const fresh = told(await openTexts(new Map(texts)));
          expect(told(project)).toEqual(fresh);
          snapshots.push({ project, fresh });
        }
        // Older snapshots are asked again, too.
        for (const { project, fresh } of snapshots) expect(told(project)).toEqual(fresh);
      },
    ),
    { numRuns: 60 },
  );
});
