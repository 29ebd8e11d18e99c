/** What the real `alembic check` prints, read as differences. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseDifferences } from "../../client/src/alembic/differences.ts";
import { parseCurrent, parseFailure } from "../../client/src/alembic/output.ts";
import { startAlembic } from "../../client/src/alembic/process.ts";
import { pythonWithAlembic } from "../support/python.ts";

const folder = mkdtempSync(path.join(tmpdir(), "retort-check-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("differences of tables, columns, indexes, constraints and types are told in words", async () => {
  const python = await pythonWithAlembic();
  mkdirSync(path.join(folder, "migrations", "versions"), { recursive: true });
  writeFileSync(path.join(folder, "alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n");
  writeFileSync(
    path.join(folder, "migrations", "env.py"),
    [
      "import sqlalchemy as sa",
      "from alembic import context",
      "m = sa.MetaData()",
      'sa.Table("users", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50), nullable=False),',
      '    sa.Column("it\'s", sa.Text), sa.Index("ix_users_name", "name"), sa.UniqueConstraint("name", name="uq_users_name"))',
      'sa.Table("logs", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("user", sa.ForeignKey("users.id", name="fk_u")))',
      'with sa.create_engine("sqlite:///check.db").connect() as connection:',
      '    connection.execute(sa.text("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, gone INT)"))',
      '    connection.execute(sa.text("CREATE TABLE IF NOT EXISTS old (id INTEGER PRIMARY KEY)"))',
      "    connection.commit()",
      "    context.configure(connection=connection, target_metadata=m)",
      "    with context.begin_transaction(): context.run_migrations()",
    ].join("\n"),
  );
  const finished = await startAlembic({
    interpreter: { command: python, args: [], from: "test" },
    project: { config: path.join(folder, "alembic.ini"), section: "alembic" },
    command: ["check"],
    folder,
    environment: process.env,
  }).finished;
  expect(finished.exitCode).not.toBe(0);
  const found = parseDifferences(`${finished.stdout}\n${finished.stderr}`) ?? [];
  expect(found.map(({ words, table }) => [words, table]).sort()).toEqual([
    ["adds column users.it's", "users"],
    ["adds constraint on users", "users"],
    ["adds index ix_users_name", "users"],
    ["adds table logs", "logs"],
    ["changes the nullable of users.id", "users"],
    ["changes the nullable of users.name", "users"],
    ["changes the type of users.name", "users"],
    ["removes column users.gone", "users"],
    ["removes table old", "old"],
  ]);
});

test("a stamp empties a version table whose revision no file has, and says nothing else was done", async () => {
  const python = await pythonWithAlembic();
  const project = path.join(folder, "stamped");
  mkdirSync(path.join(project, "migrations", "versions"), { recursive: true });
  writeFileSync(path.join(project, "alembic.ini"), "[alembic]\nscript_location = %(here)s/migrations\n");
  writeFileSync(
    path.join(project, "migrations", "env.py"),
    [
      "import sqlalchemy as sa",
      "from alembic import context",
      'with sa.create_engine("sqlite:///stamp.db").connect() as connection:',
      "    context.configure(connection=connection)",
      "    with context.begin_transaction(): context.run_migrations()",
    ].join("\n"),
  );
  writeFileSync(path.join(project, "migrations", "versions", "a.py"), 'revision = "aaaa"\ndown_revision = None\n');
  writeFileSync(path.join(project, "migrations", "versions", "b.py"), 'revision = "bbbb"\ndown_revision = "aaaa"\n');
  const alembic = (...command: string[]) =>
    startAlembic({
      interpreter: { command: python, args: [], from: "test" },
      project: { config: path.join(project, "alembic.ini"), section: "alembic" },
      command,
      folder: project,
      environment: process.env,
    }).finished;
  await alembic("stamp", "bbbb");
  rmSync(path.join(project, "migrations", "versions", "b.py"));
  const unknown = await alembic("current", "--verbose");
  expect(parseFailure(`${unknown.stdout}${unknown.stderr}`).unknownRevision).toBe("bbbb");
  expect(parseCurrent(unknown.stdout)).toHaveLength(1);
  expect((await alembic("stamp", "aaaa")).exitCode).not.toBe(0);
  expect((await alembic("stamp", "--purge", "aaaa")).exitCode).toBe(0);
  expect(parseCurrent((await alembic("current", "--verbose")).stdout)).toMatchObject([{ versions: ["aaaa"] }]);
});
