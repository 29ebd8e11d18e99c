import { describe, expect, test } from "vitest";
import { dialectOfPython, dialectOfRevisions, dialectOfUrl } from "../../server/src/project/dialect.ts";
import { readEnvironment } from "../../server/src/project/env.ts";

describe("env.py", () => {
  test.each([
    ["context.configure(connection=connection, transaction_per_migration=True)", true],
    [
      "context.configure(\n    connection=c,\n    # transaction_per_migration=False,\n    transaction_per_migration=True,\n)",
      true,
    ],
    ["context.configure(url=url)\ncontext.configure(connection=c, transaction_per_migration=True)", true],
    ["context.configure(url=url, transaction_per_migration=True)\ncontext.configure(connection=c)", false],
    ['options = {"transaction_per_migration": True}\ncontext.configure(**options)', true],
    ['options["transaction_per_migration"] = True', true],
    ["options = dict(transaction_per_migration=True)", false],
    ["context.configure(connection=c, transaction_per_migration=False)", false],
    ["# context.configure(transaction_per_migration=True)", false],
    ['"""context.configure(transaction_per_migration=True)"""', false],
    ["context.configure(x=f(transaction_per_migration=True))", false],
    ["context.configure(", false],
    ["", false],
  ])("%j has a transaction per migration: %s", (text, expected) => {
    expect(readEnvironment(text).transactionPerMigration).toBe(expected);
  });

  test("tells the version table, also through a constant", () => {
    const text =
      'TABLE = "my_versions"  # ours\ncontext.configure(connection=c, version_table=TABLE, version_table_schema="ops", render_as_batch=True)';
    expect(readEnvironment(text)).toMatchObject({
      versionTable: "my_versions",
      versionTableSchema: "ops",
      renderAsBatch: true,
    });
    expect(readEnvironment("context.configure(version_table=name())").versionTable).toBeUndefined();
  });

  test("tells the environment variables that it reads", () => {
    const text = `os.environ["DB_URL"]; os.getenv('DB_HOST', "x"); environ.get("DB_URL")`;
    expect(readEnvironment(text).variables).toEqual(["DB_URL", "DB_HOST"]);
  });

  test("is Alembic's only where it imports it", () => {
    expect(readEnvironment("from alembic import context\n").importsAlembic).toBe(true);
    expect(readEnvironment("# from alembic import context\n").importsAlembic).toBe(false);
  });
});

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

  test("follows a driver that env.py imports, or a URL that it builds", () => {
    expect(dialectOfPython("import asyncpg\n")).toBe("postgresql");
    expect(dialectOfPython('url = f"mysql+pymysql://{user}@{host}"\n')).toBe("mysql");
    expect(dialectOfPython("import os\n")).toBeUndefined();
  });

  test("follows the dialect module of the revisions, where they agree", () => {
    const postgresql = "from sqlalchemy.dialects import postgresql\n";
    const mysql = "import sqlalchemy.dialects.mysql\n";
    const sqlite = "from sqlalchemy.dialects import sqlite, postgresql\n";
    expect(dialectOfRevisions([postgresql, "", postgresql])).toBe("postgresql");
    expect(dialectOfRevisions([sqlite])).toBe("postgresql");
    expect(dialectOfRevisions([postgresql, mysql])).toBeUndefined();
    expect(dialectOfRevisions([mysql, ...Array.from({ length: 30 }, () => "")])).toBeUndefined();
    expect(dialectOfRevisions([])).toBeUndefined();
  });
});
