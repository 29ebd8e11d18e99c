/** What messages of rules say that Alembic and PostgreSQL do, tried on both. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";

const databases = useDatabases();
const alembic = useAlembic();
const root = mkdtempSync(path.join(tmpdir(), "retort-claims-"));

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const environment = `import sqlalchemy as sa
from alembic import context

url = context.config.get_main_option("sqlalchemy.url")
with sa.create_engine(url, poolclass=sa.pool.NullPool).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;

const head = (id: string, parent: string): string => `revision = "${id}"
down_revision = ${parent}
from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session

def upgrade():
`;

const given = `    op.execute("CREATE TABLE users (a int)")
    op.execute("INSERT INTO users VALUES (1), (2)")
    op.execute("CREATE TABLE empty (a int)")
`;

interface Outcome {
  /** Of Alembic, where it fails. */
  readonly error: string | undefined;
  /** Tables and indexes that are there beside those of the first revision. */
  readonly made: readonly string[];
  readonly recorded: boolean;
}

/** Runs a revision with this body on a database of its own. */
async function run(body: string): Promise<Outcome> {
  const database = await databases.create();
  const folder = path.join(root, database);
  const versions = path.join(folder, "versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(path.join(folder, "alembic.ini"), "[alembic]\nscript_location = %(here)s\n");
  writeFileSync(path.join(folder, "env.py"), environment);
  writeFileSync(path.join(versions, "a.py"), head("a", "None") + given);
  const indented = body.split("\n").map((line) => `    ${line}\n`);
  writeFileSync(path.join(versions, "b.py"), head("b", '"a"') + indented.join(""));
  const url = databases.server().url(database).replace("postgresql://", "postgresql+psycopg://");
  const config = path.join(folder, "alembic.ini");
  const error = await alembic
    .run({ config, command: "upgrade", revision: "head", options: { "sqlalchemy.url": url } })
    .then(() => undefined)
    .catch((reason: unknown) => String(reason));
  return databases.server().withClient(database, async (client) => {
    const known = ["alembic_version", "alembic_version_pkc", "empty", "users"];
    const names = "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
    const found = await client.query<{ name: string }>(names);
    const version = await client.query<{ version_num: string }>("SELECT version_num FROM alembic_version");
    const made = found.rows.map(({ name }) => name).filter((name) => !known.includes(name));
    return { error, made, recorded: version.rows[0]?.version_num === "b" };
  });
}

const make = (table: string): string => `op.execute("CREATE TABLE ${table} (id int)")`;
const done = (...made: readonly string[]): Outcome => ({ error: undefined, made, recorded: true });
const block = "with op.get_context().autocommit_block():";

describe("commit-in-migration", () => {
  test("commit() loses what follows and the version row, without an error", async () => {
    const body = `${make("before")}\nop.get_bind().commit()\n${make("after")}`;
    expect(await run(body)).toEqual({ error: undefined, made: ["before"], recorded: false });
  });

  test.each(["op.get_bind().rollback()", "s = Session(bind=op.get_bind())\ns.connection()\ns.rollback()"])(
    "rollback() loses everything: %s",
    async (rollback) => {
      const body = `${make("before")}\n${rollback}\n${make("after")}`;
      expect(await run(body)).toEqual({ error: undefined, made: [], recorded: false });
    },
  );

  test("begin() is refused", async () => {
    expect((await run("op.get_bind().begin()")).error).toContain("InvalidRequestError");
  });

  test("a session's commit and a savepoint end nothing", async () => {
    const session = `s = Session(bind=op.get_bind())\ns.execute(sa.text("CREATE TABLE before (id int)"))\ns.commit()`;
    const savepoint = `with op.get_bind().begin_nested():\n    ${make("nested")}`;
    expect(await run(`${session}\n${savepoint}\n${make("after")}`)).toEqual(done("after", "before", "nested"));
    expect(await run(`${session}\n${savepoint}\nop.execute("SELECT 1/0")`)).toMatchObject({
      made: [],
      recorded: false,
    });
  });
});

describe("transaction-as-text", () => {
  test("COMMIT keeps what stands above, though the revision fails", async () => {
    const body = `${make("before")}\nop.execute("COMMIT")\nop.execute("SELECT 1/0")`;
    expect(await run(body)).toMatchObject({ made: ["before"], recorded: false });
  });

  test("ROLLBACK throws it away, and the revision is recorded", async () => {
    expect(await run(`${make("before")}\nop.execute("ROLLBACK")\n${make("after")}`)).toEqual(done("after"));
  });

  test("BEGIN does nothing", async () => {
    expect(await run(`op.execute("BEGIN")\n${make("after")}`)).toEqual(done("after"));
  });
});

describe("concurrently-in-transaction", () => {
  test.each([
    "CREATE INDEX CONCURRENTLY ix ON users (a)",
    "REINDEX TABLE CONCURRENTLY users",
    "REINDEX SCHEMA public",
    "VACUUM users",
  ])("%s is refused in a transaction, and runs in an autocommit block", async (sql) => {
    expect((await run(`op.execute("${sql}")`)).error).toContain("cannot run inside a transaction block");
    expect((await run(`${block}\n    op.execute("${sql}")`)).error).toBeUndefined();
  });

  test("so it is after commit(), and after COMMIT as text with this driver", async () => {
    const build = `op.execute("CREATE INDEX CONCURRENTLY ix ON users (a)")`;
    for (const before of ["op.get_bind().commit()", `op.execute("COMMIT")`])
      expect((await run(`${before}\n${build}`)).error).toContain("cannot run inside a transaction block");
  });

  test("REFRESH CONCURRENTLY may run in a transaction", async () => {
    const view = `op.execute("CREATE MATERIALIZED VIEW v AS SELECT a FROM users")
op.execute("CREATE UNIQUE INDEX vx ON v (a)")`;
    expect(await run(`${view}\nop.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY v")`)).toEqual(done("v", "vx"));
  });
});

describe("autocommit blocks", () => {
  test("work-before-autocommit-block: what stands above stays, though the block fails", async () => {
    const body = `${make("before")}\n${block}\n    op.execute("SELECT 1/0")`;
    expect(await run(body)).toMatchObject({ made: ["before"], recorded: false });
  });

  test("hidden-invalid-index: IF NOT EXISTS keeps an invalid index", async () => {
    const failed = `try:
    ${block}
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix ON users ((a / a))")
except sa.exc.IntegrityError:
    pass`;
    const again = `${block}
    op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON users ((a / a))")
    valid = op.get_bind().scalar(sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass"))
    assert valid is False, valid`;
    expect(await run(`${failed}\n${again}`)).toMatchObject({ error: undefined, made: ["ix"] });
  });
});

describe("missing-lock-timeout", () => {
  const shows = (value: string): string =>
    `assert op.get_bind().scalar(sa.text("SHOW lock_timeout")) == "${value}", "another"`;

  test("SET LOCAL ends with its transaction, and does nothing in an autocommit block; SET outlives both", async () => {
    const local = `op.execute("SET LOCAL lock_timeout = '5s'")`;
    expect((await run(`${local}\n${shows("5s")}\n${block}\n    pass\n${shows("0")}`)).error).toBeUndefined();
    expect((await run(`${block}\n    ${local}\n    ${shows("0")}`)).error).toBeUndefined();
    const session = `op.execute("SET lock_timeout = '5s'")`;
    expect((await run(`${session}\n${block}\n    ${shows("5s")}\n${shows("5s")}`)).error).toBeUndefined();
  });
});

describe("columns", () => {
  test("required-column: fails where there are rows, and only there", async () => {
    const add = (table: string): string => `op.add_column("${table}", sa.Column("b", sa.Integer(), nullable=False))`;
    expect((await run(add("users"))).error).toContain("contains null values");
    expect((await run(add("empty"))).error).toBeUndefined();
    expect((await run(`op.execute("DELETE FROM users")\n${add("users")}`)).error).toBeUndefined();
  });

  test("unique-constraint-builds-index: the same default for all rows cannot be unique", async () => {
    const body = `op.add_column("users", sa.Column("b", sa.Integer(), server_default="0", unique=True))`;
    expect((await run(body)).error).toContain("could not create unique index");
  });
});

describe("what the server knows no other way for", () => {
  const events = `op.execute("CREATE TABLE events (a int) PARTITION BY LIST (a)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)")
op.execute("CREATE INDEX events_a ON events (a)")`;

  test.each([
    ["", "CREATE INDEX CONCURRENTLY ix ON events (a)", "cannot create index on partitioned table"],
    ["", "DROP INDEX CONCURRENTLY events_a", "cannot drop partitioned index"],
    [
      `op.execute("CREATE TABLE events_rest PARTITION OF events DEFAULT")`,
      "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY",
      "when a default partition exists",
    ],
  ])("%s %s", async (before, sql, error) => {
    const body = [events, before, block, `    op.execute("${sql}")`].filter((line) => line !== "").join("\n");
    expect((await run(body)).error).toContain(error);
  });
});
