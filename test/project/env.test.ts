import { describe, expect, test } from "vitest";
import { dialectOfRevisions, importedDialects, dialectOfUrl } from "../../server/src/project/dialect.ts";
import type { Dialect } from "../../server/src/sql/action.ts";
import { readEnvironment } from "../../server/src/project/env.ts";

const offline = `from alembic import context
config = context.config

def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
`;

const asynchronous = (configure: string): string => `${offline}
import asyncio
from sqlalchemy.ext.asyncio import async_engine_from_config

def do_run_migrations(connection):
    ${configure}

async def run_async_migrations():
    connectable = async_engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.")
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)

def run_migrations_online():
    asyncio.run(run_async_migrations())

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`;

describe("env.py", () => {
  test.each<[string, boolean | "unknown"]>([
    ["context.configure(connection=connection, transaction_per_migration=True)", true],
    [
      "context.configure(\n    connection=c,\n    # transaction_per_migration=False,\n    transaction_per_migration=True,\n)",
      true,
    ],
    ["context.configure(url=url)\ncontext.configure(connection=c, transaction_per_migration=True)", true],
    ["context.configure(url=url, transaction_per_migration=True)\ncontext.configure(connection=c)", false],
    ["context.configure(connection=c, transaction_per_migration=False)", false],
    ["context.configure(connection=c)\n# context.configure(transaction_per_migration=True)", false],
    ['"""context.configure(transaction_per_migration=True)"""\ncontext.configure(connection=c)', false],
    ["context.configure(connection=c, x=f(transaction_per_migration=True))", false],
    ['options = {"transaction_per_migration": True}\ncontext.configure(connection=c, **options)', true],
    ['options = {}\noptions["transaction_per_migration"] = True\ncontext.configure(connection=c, **options)', true],
    ["options = dict(transaction_per_migration=True)\ncontext.configure(connection=c, **options)", true],
    ["PER_MIGRATION = True\ncontext.configure(connection=c, transaction_per_migration=PER_MIGRATION)", true],
    ["from alembic.context import configure\nconfigure(connection=c, transaction_per_migration=True)", true],
    [
      "def f(connection):\n    def g():\n        context.configure(connection=connection, transaction_per_migration=True)\n    g()",
      true,
    ],
    [
      "class Runner:\n    def run(self, c):\n        context.configure(connection=c, transaction_per_migration=True)",
      true,
    ],
    ["context.configure(connection=c, **current_app.extensions['migrate'].configure_args)", "unknown"],
    ["context.configure(connection=c, transaction_per_migration=settings.PER_MIGRATION)", "unknown"],
    ["context.configure(connection=a, transaction_per_migration=True)\ncontext.configure(connection=b)", "unknown"],
    ["from company.migrations import run\nrun()", "unknown"],
    ["options = {'a': 1}\nif sqlite:\n    options['b'] = 2\ncontext.configure(connection=c, **options)", false],
    [
      "options = {}\nif sqlite:\n    options['transaction_per_migration'] = True\ncontext.configure(connection=c, **options)",
      "unknown",
    ],
    ["options = {}\noptions.update(load())\ncontext.configure(connection=c, **options)", "unknown"],
    ["context.configure(", "unknown"],
    ["", "unknown"],
    ["logger.configure(handlers=[])", "unknown"],
    [asynchronous("context.configure(connection=connection, target_metadata=None)"), false],
    [asynchronous("context.configure(connection=connection, transaction_per_migration=True)"), true],
    [
      asynchronous("context.configure(connection=connection, **OPTIONS)").replace(
        "config =",
        "OPTIONS = load()\nconfig =",
      ),
      "unknown",
    ],
  ])("%j has a transaction per migration: %s", (text, expected) => {
    expect(readEnvironment(text).transactionPerMigration).toBe(expected);
  });

  test.each<[string, ReturnType<typeof readEnvironment>["url"]]>([
    [asynchronous("context.configure(connection=connection)"), { isConfig: true }],
    ["engine = create_engine(config.get_main_option('sqlalchemy.url'))", { isConfig: true }],
    ["config.set_main_option('sqlalchemy.url', os.environ['DB'])", { isConfig: false }],
    ["config.set_main_option('sqlalchemy.url', str(settings.DATABASE_URL))", { isConfig: false }],
    [
      "URL = 'postgresql://h/d'\nconfig.set_main_option('sqlalchemy.url', URL.replace('%', '%%'))",
      { isConfig: false, literal: "postgresql://h/d" },
    ],
    [
      "def url():\n    return 'sqlite:///x.db'\nconfig.set_section_option('alembic', 'sqlalchemy.url', url())",
      { isConfig: false, literal: "sqlite:///x.db" },
    ],
    ["if os.getenv('DB'):\n    config.set_main_option('sqlalchemy.url', os.environ['DB'])", { isConfig: "unknown" }],
    [
      "url = os.getenv('DB') or config.get_main_option('sqlalchemy.url')\nengine = create_engine(url)",
      { isConfig: "unknown" },
    ],
    [
      "section = config.get_section('alembic')\nsection['sqlalchemy.url'] = get_url()\nengine_from_config(section)",
      { isConfig: false },
    ],
    [
      "section = config.get_section('alembic')\nif not section:\n    section['sqlalchemy.url'] = get_url()\nengine_from_config(section)",
      { isConfig: "unknown" },
    ],
    ["engine = create_engine(f'postgresql://{user}@h/d')", { isConfig: false }],
    [
      "from app.db import engine\nwith engine.connect() as c:\n    context.configure(connection=c)",
      { isConfig: "unknown" },
    ],
    ["config.set_main_option('script_location', 'x')", { isConfig: "unknown" }],
    ["", { isConfig: "unknown" }],
  ])("%j takes its URL from %j", (text, expected) => {
    expect(readEnvironment(`from sqlalchemy import create_engine, engine_from_config\n${text}`).url).toEqual(expected);
  });

  test("tells the version table, also through a constant", () => {
    const text =
      'TABLE = "my_versions"  # ours\ncontext.configure(connection=c, version_table=TABLE, version_table_schema="ops", render_as_batch=True)';
    expect(readEnvironment(text)).toMatchObject({
      versionTable: "my_versions",
      versionTableSchema: "ops",
      renderAsBatch: true,
    });
    expect(readEnvironment("context.configure(connection=c, version_table=name())").versionTable).toBeUndefined();
    const two =
      "context.configure(connection=a, version_table='a')\ncontext.configure(connection=b, version_table='b')";
    expect(readEnvironment(two).versionTable).toBeUndefined();
  });

  test.each<[string, Partial<ReturnType<typeof readEnvironment>>]>([
    ["compare_type=False", { compareType: false }],
    ["", { compareType: true, compareServerDefault: false, includeObject: "absent", includeSchemas: false }],
    [
      "compare_type=lambda *args: None, compare_server_default=True",
      { compareType: "custom", compareServerDefault: true },
    ],
    ["compare_type=settings.COMPARE", { compareType: "unknown" }],
    [
      "include_object=keep, include_name=None, include_schemas=True",
      { includeObject: "given", includeName: "absent", includeSchemas: true },
    ],
    ["process_revision_directives=keep", { processRevisionDirectives: "given" }],
    ["transactional_ddl=False", { transactionalDdl: false }],
    ["**options", { compareType: "unknown", includeObject: "unknown", transactionalDdl: "unknown" }],
    ["target_metadata=None", {}],
  ])("context.configure(connection, %s) is read", (keywords, expected) => {
    const text = `from alembic import context\nfrom app import settings\ndef keep(*args):\n    return True\ndef run(connection, options):\n    context.configure(connection, ${keywords})`;
    expect(readEnvironment(text)).toMatchObject(expected);
  });

  test("prints literals where the call without a connection says so", () => {
    expect(readEnvironment(offline)).toMatchObject({ literalBinds: true, isAsync: false });
    expect(readEnvironment("context.configure(url=url)").literalBinds).toBe(false);
    expect(readEnvironment("context.configure(connection=c)").literalBinds).toBe("unknown");
  });

  test("runs over an asynchronous engine", () => {
    expect(readEnvironment(asynchronous("context.configure(connection=connection)")).isAsync).toBe(true);
  });

  test.each([
    ["from app.models import Base\ntarget_metadata = Base.metadata", "Base.metadata", "app.models.Base.metadata"],
    ["from app import models as m\ntarget_metadata = m.Base.metadata", "m.Base.metadata", "app.models.Base.metadata"],
    ["target_metadata = [one.metadata, two.metadata]", "[one.metadata, two.metadata]", undefined],
    ["target_metadata = None", undefined, undefined],
    ["target_metadata = a if b else c", "a if b else c", undefined],
  ])("%j names its metadata", (text, expression, path) => {
    const { targetMetadata } = readEnvironment(
      `${text}\ncontext.configure(connection=c, target_metadata=target_metadata)`,
    );
    expect(targetMetadata?.expression).toBe(expression);
    expect(targetMetadata?.path).toBe(path);
  });

  test.each<[string, readonly object[]]>([
    [
      `connection.execute(text("SET lock_timeout = '5s'"))`,
      [{ setting: "lock_timeout", value: "5s", milliseconds: 5000 }],
    ],
    ["op.execute('SET lock_timeout TO 4000')", [{ setting: "lock_timeout", value: "4000", milliseconds: 4000 }]],
    [
      "connection.exec_driver_sql('SET LOCAL lock_timeout = 0; SET statement_timeout = \\'2min\\'')",
      [
        { setting: "lock_timeout", milliseconds: 0, local: true },
        { setting: "statement_timeout", milliseconds: 120_000 },
      ],
    ],
    ["if fast:\n    connection.execute(text('SET lock_timeout = 100'))", [{ milliseconds: 100, conditional: true }]],
    [
      "create_engine(url, connect_args={'options': '-c lock_timeout=3s -c statement_timeout=1h -c search_path=x'})",
      [
        { setting: "lock_timeout", milliseconds: 3000, conditional: false },
        { setting: "statement_timeout", milliseconds: 3_600_000 },
      ],
    ],
    [
      "create_async_engine(url, connect_args={'server_settings': {'lock_timeout': '250', 'application_name': 'x'}})",
      [{ setting: "lock_timeout", milliseconds: 250 }],
    ],
    ["connection.execute(text(f\"SET lock_timeout = '{wait}'\"))", [{ setting: "lock_timeout" }]],
    ["connection.execute(text('SELECT timeout FROM jobs'))", []],
    ["print('lock_timeout')", []],
  ])("%j sets its timeouts", (text, expected) => {
    const { timeouts } = readEnvironment(`from sqlalchemy import text, create_engine\n${text}`);
    expect(timeouts).toHaveLength(expected.length);
    expect(timeouts).toMatchObject(expected);
  });

  test("tells where Alembic is configured, and whether a connection is in autocommit", () => {
    const text = "from alembic import context\ncontext.configure(connection=c)\n";
    const { configure, autocommit } = readEnvironment(text);
    expect(configure && text.slice(configure.start, configure.end)).toBe("configure");
    expect(autocommit).toBeUndefined();
    expect(readEnvironment("c.execution_options(isolation_level='AUTOCOMMIT')").autocommit).toBe(true);
    expect(readEnvironment("run(context)").configure).toBeUndefined();
  });

  test("tells the environment variables that it reads", () => {
    const text = `from os import environ
import os as system
NAME = "DB_PORT"
def f():
    os.environ["DB_URL"]; system.getenv('DB_HOST', "x"); environ.get("DB_URL"); environ[NAME]
# os.environ["NOT_ME"]
"""os.environ["NOR_ME"]"""
`;
    expect(readEnvironment(text).variables).toEqual(["DB_URL", "DB_HOST", "DB_PORT"]);
  });

  test("is Alembic's only where it imports it", () => {
    expect(readEnvironment("from alembic import context\n").importsAlembic).toBe(true);
    expect(readEnvironment("def f():\n    import alembic.context\n").importsAlembic).toBe(true);
    expect(readEnvironment("# from alembic import context\n").importsAlembic).toBe(false);
    expect(readEnvironment('"""\nfrom alembic import context\n"""\n').importsAlembic).toBe(false);
  });
});

const dialectOf = (text: string): Dialect | undefined => readEnvironment(text).dialect?.name;

describe("the dialect", () => {
  test.each([
    ["postgresql+asyncpg://u:p@h/d", "postgresql"],
    ["postgres://h/d", "postgresql"],
    ["mysql+pymysql://h/d", "mysql"],
    ["mariadb://h/d", "mariadb"],
    ["sqlite:///file.db", "sqlite"],
    ["mssql+pyodbc://h/d", "mssql"],
    ["oracle+oracledb://h/d", "oracle"],
    ["driver://user:pass@localhost/dbname", undefined],
    ["%(url)s", undefined],
    ["", undefined],
  ])("of %s is %s", (url, expected) => {
    expect(dialectOfUrl(url)).toBe(expected);
  });

  test("is told by a keyword before a URL, and by a URL before a driver", () => {
    const url = "create_engine('sqlite://')\n";
    const from = (text: string) =>
      readEnvironment(`import asyncpg\nfrom sqlalchemy import create_engine\n${text}`).dialect;
    expect(from("")).toEqual({ name: "postgresql", from: "driver" });
    expect(from(url)).toEqual({ name: "sqlite", from: "url" });
    expect(from(`${url}context.configure(connection=c, dialect_name='mysql')`)).toEqual({
      name: "mysql",
      from: "environment",
    });
  });

  test("follows a driver that env.py imports, or a URL that it builds", () => {
    expect(dialectOf("import asyncpg\n")).toBe("postgresql");
    expect(dialectOf('url = f"mysql+pymysql://{user}@{host}"\n')).toBe("mysql");
    expect(dialectOf("import os\n")).toBeUndefined();
  });

  test.each<[string, readonly Dialect[]]>([
    ["from sqlalchemy.dialects.postgresql import UUID", ["postgresql"]],
    ["from sqlalchemy.dialects import (mysql, mssql as ms)", ["mysql", "mssql"]],
    ["sa.Column('a', sa.dialects.postgresql.JSONB())", ["postgresql"]],
    ["op.create_index('i', 't', ['a'], postgresql_using='gin', sqlite_where=x)", ["postgresql", "sqlite"]],
    ["op.create_table('t', mysql_engine = 'InnoDB')", ["mysql"]],
    ["postgresql_using == 1 and postgresql_url", []],
    ["from sqlalchemy import dialects", []],
  ])("%j uses %j", (text, expected) => {
    expect([...importedDialects(text)]).toEqual(expected);
  });

  test("follows the dialect module of the revisions, where they agree", () => {
    const postgresql = "from sqlalchemy.dialects import postgresql\n";
    const mysql = "import sqlalchemy.dialects.mysql\n";
    const sqlite = "from sqlalchemy.dialects import sqlite, postgresql\n";
    const dialectOf = (...texts: string[]) => dialectOfRevisions(texts.map(importedDialects));
    expect(dialectOf(postgresql, "", postgresql)).toBe("postgresql");
    expect(dialectOf(sqlite)).toBe("postgresql");
    expect(dialectOf(postgresql, mysql)).toBeUndefined();
    expect(dialectOf(mysql, ...Array.from({ length: 30 }, () => ""))).toBeUndefined();
    expect(dialectOf()).toBeUndefined();
  });
});
