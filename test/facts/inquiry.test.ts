/** What was found in a file stands as long as the answers do that it was found by: never longer. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { stillHold } from "../../server/src/facts/inquiry.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import type { RevisionFile } from "../../server/src/model/revision.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { checkFile, checkFileWatched, type CheckedFile } from "../../server/src/rules/check.ts";
import { rules } from "../../server/src/rules/index.ts";
import { defaultSettings } from "../../server/src/settings/settings.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";
import { absolute, openTexts, root } from "../support/project.ts";

beforeAll(loadEngine);

const settings = { ...defaultSettings, preset: "strict" as const };

/** Each makes some rule ask for something beyond its file. */
const operations = [
  'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))',
  'op.drop_table("users")',
  'op.create_table("orders", sa.Column("id", sa.Integer), sa.Column("user_id", sa.Integer))',
  'op.add_column("users", sa.Column("age", sa.Integer))',
  'op.drop_column("users", "age")',
  'op.alter_column("users", "name", new_column_name="age")',
  'op.alter_column("users", "name", new_column_name="name_parked")',
  'op.drop_column("users", "name_parked")',
  'op.alter_column("users", "name", nullable=False)',
  'op.create_index("ix", "users", ["name"])',
  'op.create_index("ix_user_id", "orders", ["user_id"])',
  'op.create_foreign_key("fk", "orders", "users", ["user_id"], ["id"])',
  'op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK (id > 0) NOT VALID")',
  'op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck")',
  'op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")',
  'op.execute("CREATE POLICY p ON users USING (true)")',
  "op.execute(\"CREATE FUNCTION nvl() RETURNS int AS 'SELECT 1' LANGUAGE sql\")",
  "op.execute(\"CREATE OR REPLACE FUNCTION nvl() RETURNS int AS 'SELECT 2' LANGUAGE sql\")",
  'op.execute("UPDATE users SET age = nvl(id, 0)")',
  'op.execute("UPDATE orders SET user_id = (SELECT age FROM users)")',
  "op.execute(\"CREATE TYPE mood AS ENUM ('sad')\")",
  "op.execute(\"ALTER TYPE mood ADD VALUE 'ok'\")",
  'op.add_column("users", sa.Column("mood", sa.Enum("sad", name="mood", create_type=False)))',
  "op.execute(\"UPDATE users SET mood = 'ok'\")",
  'rows = op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()',
  "op.execute(unknown())",
];

interface Body {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const revision = (id: string, parent: string | undefined, { up, down }: Body): string =>
  [
    "from alembic import op",
    "import sqlalchemy as sa",
    `revision = "${id}"`,
    `down_revision = ${parent === undefined ? "None" : JSON.stringify(parent)}`,
    "def upgrade():",
    ...[...up, "pass"].map((line) => `    ${line}`),
    "def downgrade():",
    ...[...down, "pass"].map((line) => `    ${line}`),
    "",
  ].join("\n");

const ids = ["r1", "r2", "r3", "r4"];
/** The last two are branches. */
const parents: Record<string, string> = { r2: "r1", r3: "r2", r4: "r2" };
const pathOf = (id: string): string => absolute(`versions/${id}.py`);

const body = fc.record({
  up: fc.array(fc.constantFrom(...operations), { maxLength: 3 }),
  down: fc.array(fc.constantFrom(...operations), { maxLength: 1 }),
});
const edit = fc.tuple(fc.constantFrom(...ids), body);

test("after any edits, findings that still hold are those of a fresh reading", async () => {
  let held = 0;
  let dropped = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(body, body, body, body),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      async (first, edits) => {
        const texts = new Map<string, string>([
          [absolute("alembic.ini"), "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://h/d\n"],
          [absolute("env.py"), "from alembic import context\ncontext.configure()\n"],
          ...ids.map((id, i): [string, string] => [
            pathOf(id),
            revision(id, parents[id], first[i] ?? { up: [], down: [] }),
          ]),
        ]);
        const store = new ProjectStore(memoryFiles(texts), memoryLog());
        await store.open([root]);
        const kept = new Map<RevisionFile, CheckedFile>();
        const look = async (): Promise<void> => {
          const [project] = store.snapshot().projects;
          if (!project) throw new Error("there is no project");
          const fresh = await openTexts(new Map(texts));
          for (const [path, file] of project.files) {
            const known = kept.get(file);
            const holds = known !== undefined && stillHold(known.inquiries, project);
            if (holds) held++;
            else if (known) dropped++;
            const now = holds ? known : checkFileWatched(project, file, settings, rules);
            kept.set(file, now);
            const other = fresh.files.get(path);
            expect(now.failures).toEqual([]);
            expect(now.findings).toEqual(other && checkFile(fresh, other, settings).findings);
          }
        };
        await look();
        for (const [id, next] of edits) {
          texts.set(pathOf(id), revision(id, parents[id], next));
          await store.update(pathOf(id), texts.get(pathOf(id)));
          await look();
        }
      },
    ),
    { numRuns: 30 },
  );
  // Of both there were some, or nothing was shown.
  expect(Math.min(held, dropped)).toBeGreaterThan(20);
});
