/** A fixture as a project: the same way from text to snapshot that the adapters take. */
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import type { Dialect } from "../../server/src/sql/action.ts";
import { findRevised } from "../../server/src/project/published.ts";
import type { Published } from "../../server/src/project/snapshot.ts";
import { memoryFiles, memoryLog, memoryRepository } from "./memory.ts";
import { readFixture, type Fixture } from "./txtar.ts";

export const root = "/project";

export interface FixtureOptions {
  readonly dialect?: Dialect;
  /** The fixture is meant not to parse, or to be a broken history. */
  readonly broken?: boolean;
}

export interface FixtureProject {
  readonly fixture: Fixture;
  readonly project: Project;
  /** Texts by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
}

const urls: Record<Dialect, string> = {
  postgresql: "postgresql+psycopg://localhost/app",
  mysql: "mysql+pymysql://localhost/app",
  mariadb: "mariadb+pymysql://localhost/app",
  sqlite: "sqlite:///app.db",
  mssql: "mssql+pyodbc://localhost/app",
  oracle: "oracle+oracledb://localhost/app",
};

const config = (dialect: Dialect): string => `[alembic]
script_location = %(here)s
path_separator = os
sqlalchemy.url = ${urls[dialect]}
`;

const environment = `from alembic import context

context.configure(transaction_per_migration=True)
`;

export const absolute = (path: string): string => `${root}/${path}`;
export const relative = (path: string): string => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);

export async function openTexts(texts: ReadonlyMap<string, string>): Promise<Project> {
  const log = memoryLog();
  const store = new ProjectStore(memoryFiles(texts), log);
  await store.open([root]);
  const { projects } = store.snapshot();
  const [project] = projects;
  if (project === undefined || projects.length > 1) throw new Error(`expected one project, found ${projects.length}`);
  return project;
}

/** Members lie under `/project`; `alembic.ini` and `env.py` are supplied where the fixture has none. */
export async function openFixture(source: string, options: FixtureOptions = {}): Promise<FixtureProject> {
  const fixture = readFixture(source);
  const texts = new Map([
    [absolute("alembic.ini"), config(options.dialect ?? "postgresql")],
    [absolute("env.py"), environment],
    ...[...fixture.files].map(([path, text]) => [absolute(path), text] as const),
  ]);
  const opened = await openTexts(texts);
  if (options.broken !== true) assertReads(opened);
  const published = fixture.committed && (await publishedOf(opened, fixture.committed));
  return { fixture, project: published ? { ...opened, published } : opened, texts };
}

async function publishedOf({ files }: Project, committed: ReadonlyMap<string, string>): Promise<Published | undefined> {
  const revisions = [...files.values()].flatMap(({ path, identifiers: { revision } }) =>
    revision === undefined ? [] : [{ path, id: revision.value }],
  );
  const repository = memoryRepository({ main: committed }, "main", root);
  return findRevised(root, revisions, repository, (path) => Promise.resolve(files.get(path)?.text));
}

/** @throws Error naming the first thing that is wrong with the texts, so that a fixture cannot be wrong in silence. */
export function assertReads(project: Project): void {
  for (const file of project.files.values()) {
    const [problem] = file.problems;
    if (problem !== undefined) {
      throw new Error(`${relative(file.path)} does not read: ${problem.message}\n${file.text}`);
    }
  }
  const [problem] = project.problems;
  if (problem !== undefined) throw new Error(`the project does not read: ${problem.message}`);
}
