/** Histories of real projects, run by the real Alembic on a real PostgreSQL, against the replay. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fetchCorpus } from "../../scripts/corpus/fetch.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { replayOf } from "../../server/src/project/replay.ts";
import { renderDdl } from "../../server/src/schema/ddl.ts";
import { memoryLog } from "../support/memory.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { compareWithServer } from "./replayed.ts";

const databases = useDatabases();
const alembic = useAlembic();

interface History {
  readonly name: string;
  /** Where its revisions lie in the package. */
  readonly versions: string;
  /** Of its metadata; some of its revisions drop constraints by the names that it gives. */
  readonly convention: Readonly<Record<string, string>>;
}

/** Packages whose revisions need nothing but Alembic and SQLAlchemy; the others import their own code. */
const histories: readonly History[] = [
  {
    name: "arize-phoenix",
    versions: "phoenix/db/migrations/versions",
    convention: {
      ix: "ix_%(table_name)s_%(column_0_N_name)s",
      uq: "uq_%(table_name)s_%(column_0_N_name)s",
      ck: "ck_%(table_name)s_`%(constraint_name)s`",
      fk: "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
      pk: "pk_%(table_name)s",
    },
  },
];

/** An env.py that knows nothing of the application but how it names constraints. */
const env = (convention: History["convention"]): string => `from alembic import context
from sqlalchemy import MetaData, create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
metadata = MetaData(naming_convention=${JSON.stringify(convention)})
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;
const ini =
  "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = postgresql+psycopg://nobody@127.0.0.1:1/none\n";

const folder = mkdtempSync(path.join(tmpdir(), "retort-replay-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => loadEngine());

async function open({ name, versions, convention }: History): Promise<Project> {
  const [source] = await fetchCorpus([name], () => undefined);
  const root = path.join(folder, name);
  cpSync(path.join(source ?? "", versions), path.join(root, "migrations", "versions"), { recursive: true });
  writeFileSync(path.join(root, "alembic.ini"), ini);
  writeFileSync(path.join(root, "migrations", "env.py"), env(convention));
  const store = new ProjectStore(nodeFiles, memoryLog());
  await store.open([root.split(path.sep).join("/")]);
  const [project] = store.snapshot().projects;
  if (!project) throw new Error(`there is no project in ${root}`);
  return project;
}

test.each(histories)("$name", async (history) => {
  const { name } = history;
  const project = await open(history);
  const database = await databases.create();
  const url = databases.server().url(database).replace("postgresql://", "postgresql+psycopg://");
  const config = path.join(folder, name, "alembic.ini");
  await alembic.run({ config, command: "upgrade", revision: "heads", options: { "sqlalchemy.url": url } });
  const schema = replayOf(project).at(project.history.heads);
  const { equal, differences } = await compareWithServer(databases, database, schema);
  expect(equal / (equal + differences.length)).toBeGreaterThanOrEqual(0.97);
  // What differs is told to be unknown, by name; nothing is told wrongly.
  const told = renderDdl(schema).flatMap((statement) => statement.match(/^-- .*$/gm) ?? []);
  const names = told.flatMap((line) => /(?:expression of|Constraint|Index) (\S+) is not known/.exec(line)?.[1] ?? []);
  expect(differences.filter((difference) => !names.some((one) => difference.includes(one)))).toEqual([]);
});
