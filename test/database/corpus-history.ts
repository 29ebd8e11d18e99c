/** Histories of real projects that run on PostgreSQL with nothing but what their packages bring, each in an environment of its own. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { packages } from "../../scripts/corpus/packages.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryLog } from "../support/memory.ts";

const run = promisify(execFile);

export interface History {
  readonly name: keyof typeof packages;
  /** Where its revisions lie in the package. */
  readonly versions: string;
  /** Of its metadata; some of its revisions drop constraints by the names that it gives. */
  readonly convention?: Readonly<Record<string, string>>;
  /** SQL with several statements in one call, which only this driver runs. */
  readonly isAsync?: true;
  /** What the replayed schema needs on its own database: a replay does not tell extensions. */
  readonly extensions?: readonly string[];
  /** What its revisions import, where the package depends on gigabytes that they do not. */
  readonly needs?: readonly string[];
  /** Of those the ones that are taken without what they depend on. */
  readonly bare?: readonly string[];
  /** Without which the application does not let itself be imported. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How many tables are told not to be known wholly; what differs of them is unknown. */
  readonly doubtful?: number;
  /** The share of facts that must be equal, where it is less than 97 %, and why. */
  readonly share?: { readonly atLeast: number; readonly since: string };
}

/** Those whose histories run on PostgreSQL with nothing but their package. */
export const histories: readonly History[] = [
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
  { name: "optuna", versions: "optuna/storages/_rdb/alembic/versions", doubtful: 1 },
  {
    name: "apache-airflow-core",
    versions: "airflow/migrations/versions",
    convention: {
      ix: "idx_%(column_0_N_label)s",
      uq: "%(table_name)s_%(column_0_N_name)s_uq",
      ck: "ck_%(table_name)s_%(constraint_name)s",
      fk: "%(table_name)s_%(column_0_name)s_fkey",
      pk: "%(table_name)s_pkey",
    },
  },
  {
    name: "open-webui",
    versions: "open_webui/migrations/versions",
    needs: [
      ..."sqlalchemy[asyncio]<2.1 markdown beautifulsoup4 cryptography python-dotenv aiohttp aiosqlite orjson".split(
        " ",
      ),
      ..."typer uvicorn python-engineio".split(" "),
    ],
    variables: { WEBUI_SECRET_KEY: "none" },
    doubtful: 12,
  },
  {
    name: "langflow-base",
    versions: "langflow/alembic/versions",
    needs: [
      ..."sqlalchemy<2.1 sqlmodel structlog platformdirs orjson fastapi langchain-core loguru filelock pandas".split(
        " ",
      ),
      ..."aiofiles pillow cryptography".split(" "),
    ],
    bare: ["lfx==1.13.0"],
    doubtful: 62,
    share: {
      atLeast: 0.94,
      since:
        "it alters types, names keys and drops indexes by what it finds in the database; each table is told to be doubtful",
    },
  },
  {
    name: "prefect",
    versions: "prefect/server/database/_migrations/versions/postgresql",
    convention: {
      ix: "ix_%(table_name)s__%(column_0_N_name)s",
      uq: "uq_%(table_name)s__%(column_0_N_name)s",
      ck: "ck_%(table_name)s__%(constraint_name)s",
      fk: "fk_%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s",
      pk: "pk_%(table_name)s",
    },
    isAsync: true,
    extensions: ["pg_trgm"],
    doubtful: 35,
  },
];

/** An env.py that knows nothing of the application but how it names constraints. */
const env = ({ convention = {}, isAsync }: History): string => {
  const work = `    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;
  const head = `from alembic import context
from sqlalchemy import MetaData, create_engine, pool

metadata = MetaData(naming_convention=${JSON.stringify(convention)})
url = context.config.get_main_option("sqlalchemy.url")
`;
  return isAsync
    ? `${head}
import asyncio
from sqlalchemy.ext.asyncio import create_async_engine


def migrate(connection):
${work}

async def main():
    async with create_async_engine(url, poolclass=pool.NullPool).connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()


asyncio.run(main())
`
    : `${head}
with create_engine(url, poolclass=pool.NullPool).connect() as connection:
${work}`;
};

const environments = path.resolve(import.meta.dirname, "..", "..", ".cache", "corpus-packages");

/** The package with its dependencies, in an environment of its own that is kept. */
export async function install({
  name,
  needs,
  bare = [],
}: History): Promise<{ readonly python: string; readonly site: string }> {
  const home = path.join(environments, `${name}-${packages[name] ?? ""}`);
  const isWindows = process.platform === "win32";
  const python = path.join(home, ...(isWindows ? ["Scripts", "python.exe"] : ["bin", "python"]));
  if (!existsSync(path.join(home, "ready"))) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(environments, { recursive: true });
    await run(isWindows ? "python" : "python3", ["-m", "venv", home]);
    const own = `${name}==${packages[name] ?? ""}`;
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(python, [...pip, ...(needs ?? [own]), "alembic", "psycopg2-binary", "asyncpg"]);
    if (needs) await run(python, [...pip, "--no-deps", own, ...bare]);
    writeFileSync(path.join(home, "ready"), "");
  }
  const { stdout } = await run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  return { python, site: stdout.trim().split(path.sep).join("/") };
}

export async function open(root: string): Promise<Project> {
  const store = new ProjectStore(nodeFiles, memoryLog());
  await store.open([root.split(path.sep).join("/")]);
  const [project] = store.snapshot().projects;
  if (!project) throw new Error(`there is no project in ${root}`);
  return project;
}

/** Of a history: where its packages are, and how a project is written that runs it. */
export interface Home {
  readonly root: string;
  readonly site: string;
  /** Folder of the revisions; else the package's own. */
  readonly versions?: string;
  /** Of the database, where all commands use the same. */
  readonly url?: string;
}

/** Writes `alembic.ini` and `env.py`; answers the path of the first. */
export function writeHistory(history: History, { root, site, versions, url }: Home): string {
  mkdirSync(path.join(root, "migrations"), { recursive: true });
  const config = path.join(root, "alembic.ini");
  const options = [
    "script_location = %(here)s/migrations",
    "path_separator = newline",
    `version_locations = ${versions ?? `${site}/${history.versions}`}`,
    `prepend_sys_path = ${site}`,
    `sqlalchemy.url = ${(url ?? "postgresql://nobody@127.0.0.1:1/none").replaceAll("%", "%%")}`,
  ];
  writeFileSync(config, `[alembic]\n${options.join("\n")}\n`);
  writeFileSync(path.join(root, "migrations", "env.py"), env(history));
  return config;
}

/** With the driver that the history needs. */
export const urlFor = ({ isAsync }: History, url: string): string =>
  url.replace("postgresql://", `postgresql+${isAsync ? "asyncpg" : "psycopg2"}://`);
