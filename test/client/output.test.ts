import { describe, expect, test } from "vitest";
import { parseCurrent, parseFailure, parseStep, revisionOf, sqlOfRevision } from "../../client/src/alembic/output.ts";

describe("a line of Alembic's log", () => {
  test.each([
    ["INFO  [alembic.runtime.migration] Running upgrade  -> aaa1, one", [], ["aaa1"], "one"],
    ["INFO  [alembic.runtime.migration] Running upgrade aaa1 -> bbb2, two", ["aaa1"], ["bbb2"], "two"],
    ["2026 - Running upgrade bbb2, ccc3 -> ddd4, merge, it", ["bbb2", "ccc3"], ["ddd4"], "merge, it"],
    ["INFO Running upgrade ddd4 -> eee5", ["ddd4"], ["eee5"], ""],
  ])("%s tells a step up", (line, from, to, message) => {
    expect(parseStep(line)).toEqual({ direction: "upgrade", from, to, message });
  });

  test("tells a step down, whose parents are told from its message by what is known", () => {
    const line = "INFO  [alembic.runtime.migration] Running downgrade ddd4 -> bbb2, ccc3, merge, it";
    const step = parseStep(line, new Set(["bbb2", "ccc3", "ddd4"]));
    expect(step).toEqual({ direction: "downgrade", from: ["ddd4"], to: ["bbb2", "ccc3"], message: "merge, it" });
    expect(step && revisionOf(step)).toBe("ddd4");
    expect(parseStep("INFO Running downgrade aaa1 -> , one")).toMatchObject({ from: ["aaa1"], to: [], message: "one" });
  });

  test("tells nothing otherwise", () => {
    expect(parseStep("INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.")).toBeUndefined();
    expect(parseStep("")).toBeUndefined();
  });
});

describe("alembic current --verbose", () => {
  test("names the database and its revisions", () => {
    const stdout = [
      "Current revision(s) for postgresql+psycopg://dev:***@localhost/app:",
      "Rev: ddd4 (head) (mergepoint)",
      "Merges: bbb2, ccc3",
      "Path: /p/ddd4_merge_it.py",
      "",
      "    merge, it",
      "    Rev: not this one",
      "Rev: fff6",
    ].join("\n");
    expect(parseCurrent(stdout)).toEqual([
      { url: "postgresql+psycopg://dev:***@localhost/app", versions: ["ddd4", "fff6"] },
    ]);
  });

  test("names each database of several, and one where nothing is applied", () => {
    expect(
      parseCurrent("Current revision(s) for sqlite:///a.db:\r\nRev: a1\r\nCurrent revision(s) for sqlite:///b.db:\r\n"),
    ).toEqual([
      { url: "sqlite:///a.db", versions: ["a1"] },
      { url: "sqlite:///b.db", versions: [] },
    ]);
    expect(parseCurrent("")).toEqual([]);
  });
});

const traceback = `INFO  [alembic.runtime.migration] Running upgrade ddd4 -> eee5
Traceback (most recent call last):
  File "/p/.venv/lib/sqlalchemy/engine/base.py", line 1977, in _exec_single_context
    self.dialect.do_execute(
sqlite3.OperationalError: no such table: nosuch

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/p/alembic/env.py", line 72, in run_migrations_online
    context.run_migrations()
  File "<string>", line 8, in run_migrations
  File "/p/alembic/versions/eee5_x.py", line 4, in upgrade
    op.execute("select * from nosuch")
  File "/p/.venv/lib/alembic/ddl/impl.py", line 259, in execute
    self._exec(sql, execution_options)
sqlalchemy.exc.OperationalError: (psycopg.errors.UndefinedTable) relation "nosuch" does not exist
LINE 1: select * from nosuch
[SQL: select * from nosuch]
(Background on this error at: https://sqlalche.me/e/20/e3q8)
`;

describe("a failure", () => {
  test("is the exception in one line, and the place in the project", () => {
    expect(parseFailure(traceback, (file) => !file.includes(".venv"))).toEqual({
      reason: 'UndefinedTable: relation "nosuch" does not exist',
      isConnection: false,
      place: { file: "/p/alembic/versions/eee5_x.py", line: 4 },
      places: [
        { file: "/p/alembic/versions/eee5_x.py", line: 4 },
        { file: "/p/alembic/env.py", line: 72 },
      ],
      sql: "select * from nosuch",
    });
  });

  test.each([
    ["FAILED: Ambiguous walk\nERROR [alembic.util.messaging] Ambiguous walk", "Ambiguous walk"],
    ["FAILED: No 'script_location' key found in configuration.", "No 'script_location' key found in configuration."],
    ['INFO x\nTraceback (most recent call last):\n  File "a.py", line 1\nKeyboardInterrupt', "KeyboardInterrupt"],
    ["/usr/bin/python: No module named alembic", "/usr/bin/python: No module named alembic"],
    ["", "Alembic stopped without saying why."],
  ])("%j is because of: %s", (output, reason) => {
    expect(parseFailure(output).reason).toBe(reason);
  });

  test.each([
    "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection failed: connection to server at x failed",
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) FATAL:  password authentication failed for user "u"',
    "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) unable to open database file",
    "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 1)",
  ])("of a connection is told from others: %s", (line) => {
    expect(parseFailure(`Traceback (most recent call last):\n${line}`).isConnection).toBe(true);
    expect(parseFailure("Traceback (most recent call last):\nKeyError: 'gone'").isConnection).toBe(false);
  });

  test("tells the statement, over all its lines and without its parameters, and what the server adds", () => {
    const output = [
      "Traceback (most recent call last):",
      "sqlalchemy.exc.IntegrityError: (psycopg.errors.UniqueViolation) could not create unique index",
      "DETAIL:  Key (email)=(a@b) is duplicated.",
      "HINT: Look.",
      "[SQL: ",
      "CREATE UNIQUE INDEX ix",
      "  ON users (email[1])]",
      "[parameters: {'secret': 'x'}]",
      "(Background on this error at: https://sqlalche.me/e/20/gkpj)",
    ].join("\n");
    expect(parseFailure(output)).toMatchObject({
      sql: "CREATE UNIQUE INDEX ix\n  ON users (email[1])",
      hints: ["DETAIL:  Key (email)=(a@b) is duplicated.", "HINT: Look."],
    });
  });

  test("names a revision that the project does not have", () => {
    expect(parseFailure("FAILED: Can't locate revision identified by 'abc'").unknownRevision).toBe("abc");
  });
});

describe("the SQL of one revision", () => {
  const stdout = `BEGIN;

-- Running upgrade aaa1 -> bbb2

UPDATE alembic_version SET version_num='bbb2';

-- Running upgrade bbb2, ccc3 -> ddd4

DELETE FROM alembic_version;

COMMIT;

`;
  test("is its part of the output, however many others were written too", () => {
    expect(sqlOfRevision(stdout, "bbb2")).toBe(
      "-- Running upgrade aaa1 -> bbb2\n\nUPDATE alembic_version SET version_num='bbb2';\n",
    );
    expect(sqlOfRevision(stdout, "ddd4")).toBe(
      "-- Running upgrade bbb2, ccc3 -> ddd4\n\nDELETE FROM alembic_version;\n",
    );
    expect(sqlOfRevision(stdout, "zzz")).toBeUndefined();
  });
});
