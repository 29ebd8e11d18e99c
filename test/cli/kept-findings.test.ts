/** What is kept of single files is told again only where it is what would be found. */
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Io } from "../../server/src/cli/io.ts";
import { run } from "../../server/src/cli/run.ts";
import { keptFiles } from "../../server/src/host/kept-files.ts";
import { memoryFiles, type MemoryFiles } from "../support/memory.ts";

const looked = vi.hoisted(() => ({ at: [] as string[] }));
vi.mock("../../server/src/rules/check.ts", async (original) => {
  const real = await original<typeof import("../../server/src/rules/check.ts")>();
  return {
    ...real,
    checkFileWatched: (...given: Parameters<typeof real.checkFileWatched>) => {
      looked.at.push(given[1].path.replace(/^.*\/(\d+)\.py$/, "$1"));
      return real.checkFileWatched(...given);
    },
  };
});
beforeEach(() => void (looked.at.length = 0));

/** As many as are worth keeping. */
const length = 50;
const folder = "/repo/migrations/versions";
const pathOf = (revision: number): string => `${folder}/${revision}.py`;

function revisionText(revision: number, body: string, parents: readonly number[] = [revision - 1]): string {
  const down = parents.length === 1 ? JSON.stringify(String(parents[0])) : JSON.stringify(parents.map(String));
  return `from alembic import op
import sqlalchemy as sa
revision = "${revision}"
down_revision = ${revision === 0 ? "None" : down.replace("[", "(").replace("]", ",)")}

def upgrade():
    ${body}

def downgrade():
    op.drop_column("users", "c${revision}")
`;
}

const make = `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Text()))`;
const add = (revision: number): string => `op.add_column("users", sa.Column("c${revision}", sa.Integer()))`;

function project(): MemoryFiles {
  const settings = 'preset = "strict"\n';
  const files = memoryFiles({
    "/repo/alembic.ini":
      "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql://localhost/shop\n",
    "/repo/migrations/env.py": "from alembic import context\n",
    "/repo/retort.toml": settings,
  });
  for (let i = 0; i < length; i++) files.texts.set(pathOf(i), revisionText(i, i === 0 ? make : add(i)));
  return files;
}

function temporaryFolder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "retort-findings-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function check(files: MemoryFiles, cache: string, ...options: readonly string[]): Promise<string> {
  let said = "";
  const say = (text: string): void => void (said += text);
  const io: Io = {
    ...{ cwd: "/repo", files, colours: false, kept: keptFiles(cache, () => "build"), out: say, err: say },
    save: () => Promise.reject(new Error("nothing is saved")),
    write: () => Promise.resolve(),
  };
  await run(["check", "--format", "github", ...options], io);
  return said;
}

/** The revisions that rules have looked at again. */
async function lookedAt(files: MemoryFiles, cache: string): Promise<readonly string[]> {
  looked.at.length = 0;
  await check(files, cache);
  return [...looked.at].sort((a, b) => Number(a) - Number(b));
}

test("of a file that changed only what it reaches is looked at again", async () => {
  const [files, cache] = [project(), temporaryFolder()];
  expect(await lookedAt(files, cache)).toHaveLength(length);
  files.texts.set(pathOf(length - 1), revisionText(length - 1, `${add(length - 1)} # changed`));
  expect(await lookedAt(files, cache)).toEqual([String(length - 1)]);
  files.texts.set(pathOf(length - 3), revisionText(length - 3, `op.drop_column("users", "a")`));
  expect(await lookedAt(files, cache)).toEqual([length - 3, length - 2, length - 1].map(String));
});

test("what a later revision does is asked again", async () => {
  const [files, cache] = [project(), temporaryFolder()];
  files.texts.set(pathOf(3), revisionText(3, `op.drop_column("users", "late")`));
  await check(files, cache);
  files.texts.set(pathOf(40), revisionText(40, `op.add_column("users", sa.Column("late", sa.Integer()))`));
  expect(await lookedAt(files, cache)).toContain("3");
});

test("other settings, another env.py and another build of the config are other findings", async () => {
  const [files, cache] = [project(), temporaryFolder()];
  await check(files, cache);
  files.texts.set("/repo/retort.toml", 'preset = "recommended"\n');
  expect(await lookedAt(files, cache)).toHaveLength(length);
  files.texts.set(
    "/repo/migrations/env.py",
    "from alembic import context\ncontext.configure(transaction_per_migration=True)\n",
  );
  expect(await lookedAt(files, cache)).toHaveLength(length);
});

const bodies: readonly string[] = [
  "pass",
  make,
  `op.add_column("users", sa.Column("b", sa.Text(), nullable=False))`,
  `op.drop_column("users", "a")`,
  `op.drop_table("users")`,
  `op.rename_table("users", "people")`,
  `op.execute("UPDATE users SET a = 'x'")`,
  `op.execute("INSERT INTO people SELECT * FROM users")`,
  `op.create_index("ix_a", "users", ["a"])`,
  `op.create_foreign_key("fk", "users", "people", ["b"], ["id"])`,
  `op.execute("ALTER TABLE users ADD CONSTRAINT ck CHECK (id > 0) NOT VALID")`,
  `op.execute("ALTER TYPE mood ADD VALUE 'glad'")`,
  `op.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")`,
  `op.add_column(`,
];

test("over random edits it is what a run finds that has kept nothing", { timeout: 120_000 }, async () => {
  const place = fc.nat(length - 1);
  const body = fc.constantFrom(...bodies);
  const edit = fc.record({ revision: place, body, parents: fc.option(fc.tuple(place, place)) });
  const between = fc.array(edit, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(between, { minLength: 2, maxLength: 3 }), async (rounds) => {
      const [files, cache] = [project(), temporaryFolder()];
      await check(files, cache);
      for (const edits of rounds) {
        for (const { revision, body, parents } of edits) {
          const before = parents?.filter((one) => one < revision) ?? [];
          const text = revisionText(revision, body, before.length > 0 ? [...new Set(before)] : undefined);
          files.texts.set(pathOf(revision), text);
        }
        expect(await check(files, cache)).toBe(await check(files, cache, "--no-cache"));
      }
    }),
    { numRuns: Number(process.env["RETORT_RUNS"] ?? 2) },
  );
});
