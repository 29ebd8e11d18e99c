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
  /** The folders below the versions, too. */
  readonly isDeep?: true;
  /** How many tables are told not to be known wholly; what differs of them is unknown. */
  readonly doubtful?: number;
  /** What differs between the catalog and the replay, all of it, and why. */
  readonly differences?: readonly Explained[];
}

export interface Explained {
  /** How many facts. */
  readonly count: number;
  /** Of the facts as `snapshot.ts` writes them: `-` the real database has it, `+` the replay only. */
  readonly like: RegExp;
  readonly why: string;
}

/** Those whose histories run on an empty PostgreSQL with nothing but their package. */
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
    differences: [
      {
        count: 5,
        like: /agent_session_messages/,
        why: "the expressions of two generated columns are written with a class of the application that compiles itself",
      },
      {
        count: 2,
        like: /^- index .*ix_spans_(?:session|user)_id/,
        why: "their expressions come from an ORM class of the application",
      },
    ],
  },
  { name: "optuna", versions: "optuna/storages/_rdb/alembic/versions" },
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
    differences: [
      {
        count: 2,
        like: /^- column user\.(?:info|settings) json$/,
        why: "altered only where a helper finds another type in the database, which is not followed",
      },
      {
        count: 6,
        like: /user[._](?:api_key|oauth_sub)/,
        why: "dropped by a helper, with what stands on them; which of them there are it asks the database",
      },
    ],
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
    doubtful: 6,
    differences: [
      {
        count: 7,
        like: /^- column (?:file|message|span|trace)\.\w+ timestamp with time zone/,
        why: "altered where the database has the type without a time zone; these tables are in doubt by then, so nobody knows",
      },
      {
        count: 6,
        like: /pk_(?:message|transaction|vertex_build)/,
        why: "another name is taken where one of all keys in the database has this one",
      },
      {
        count: 1,
        like: /ck_authz_audit_log_result_enum/,
        why: "keeps whichever of two names the constraint has in the database",
      },
      {
        count: 2,
        like: /ck_sso_config/,
        why: "long conditions built from JSON paths, which are not compiled",
      },
      {
        count: 2,
        like: /file_name_user_id_key/,
        why: "unique constraints of this table are dropped by the names that a query of pg_constraint gives",
      },
      {
        count: 5,
        like: /^- constraint (?:flow|span|trace) .*FOREIGN KEY/,
        why: "foreign keys of these tables are looked up by their columns and rules, and the one that is found is dropped",
      },
      {
        count: 3,
        like: /^- index .*ix_message_(?:flow_id|session_id)_/,
        why: "indexes that PostgreSQL holds invalid are dropped first, by the names that a query gives",
      },
    ],
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
  {
    // Of its two histories the one that begins with an empty database: users and permissions of the tracking server.
    name: "mlflow",
    versions: "mlflow/server/auth/db/migrations/versions",
    needs: [
      ..."sqlalchemy cachetools click cloudpickle databricks-sdk fastapi gitpython importlib_metadata".split(" "),
      ..."opentelemetry-api opentelemetry-proto opentelemetry-sdk packaging protobuf pydantic".split(" "),
      ..."python-dotenv pyyaml requests sqlparse typing-extensions".split(" "),
    ],
  },
];

export interface Failing extends Pick<History, "name" | "versions" | "isDeep"> {
  readonly why: string;
  /** What Alembic says in the end, when it is run. */
  readonly says: RegExp;
}

/** The others of the corpus, and what became of them when each was run with its package on an empty PostgreSQL. */
export const failing: readonly Failing[] = [
  {
    name: "apache-superset",
    versions: "superset/migrations/versions",
    why: "its revisions import models that need the initialized Flask application",
    says: /App not initialized yet\. Please call init_app first/,
  },
  {
    name: "dagster",
    versions: "dagster/_core/storage/alembic/versions",
    why: "its revisions ask the running instance which tables are its own",
    says: /currently upgrading instance not set/,
  },
  {
    name: "galaxy-data",
    versions: "galaxy/model/migrations/alembic/versions_gxy",
    why: "its history starts on tables that the application has made",
    says: /relation "workflow" does not exist/,
  },
  {
    name: "neutron",
    versions: "neutron/db/migration/alembic_migrations/versions",
    isDeep: true,
    why: "most of its history runs, until one revision says MySQL's ALTER TABLE … CONVERT TO CHARACTER SET",
    says: /syntax error at or near "CONVERT"/,
  },
];

/** An env.py that knows nothing of the application but how it names constraints. */
const env = ({ convention = {}, isAsync }: Pick<History, "convention" | "isAsync">): string => {
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
}: Pick<History, "name" | "needs" | "bare">): Promise<{ readonly python: string; readonly site: string }> {
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
export function writeHistory(history: Omit<History, "differences">, { root, site, versions, url }: Home): string {
  mkdirSync(path.join(root, "migrations"), { recursive: true });
  const config = path.join(root, "alembic.ini");
  const options = [
    "script_location = %(here)s/migrations",
    "path_separator = newline",
    `version_locations = ${versions ?? `${site}/${history.versions}`}`,
    ...(history.isDeep ? ["recursive_version_locations = true"] : []),
    `prepend_sys_path = ${site}`,
    `sqlalchemy.url = ${(url ?? "postgresql://nobody@127.0.0.1:1/none").replaceAll("%", "%%")}`,
  ];
  writeFileSync(config, `[alembic]\n${options.join("\n")}\n`);
  writeFileSync(path.join(root, "migrations", "env.py"), env(history));
  return config;
}

/** With the driver that the history needs. */
export const urlFor = ({ isAsync }: Pick<History, "isAsync">, url: string): string =>
  url.replace("postgresql://", `postgresql+${isAsync ? "asyncpg" : "psycopg2"}://`);
