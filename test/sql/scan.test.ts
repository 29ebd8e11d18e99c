import { describe, expect, test } from "vitest";
import type { Dialect } from "../../server/src/sql/action.ts";
import { maskPlaceholders } from "../../server/src/sql/placeholders.ts";
import { nameOf, scan } from "../../server/src/sql/scan.ts";
import { splitStatements } from "../../server/src/sql/split.ts";

const kinds = (sql: string, dialect: Dialect = "postgresql"): readonly string[] =>
  scan(sql, dialect).map(({ kind, start, end }) => `${kind} ${sql.slice(start, end)}`);

const pieces = (sql: string, dialect: Dialect = "postgresql"): readonly string[] =>
  splitStatements(sql, scan(sql, dialect), dialect).map((piece) => sql.slice(piece[0]?.start, piece.at(-1)?.end));

const mask = (sql: string, dialect: Dialect = "postgresql"): string =>
  maskPlaceholders(sql, scan(sql, dialect), dialect);

describe("scan", () => {
  test.each<readonly [string, Dialect, string]>([
    ["'it''s; ok'", "postgresql", "string"],
    ["E'a\\'b;'", "postgresql", "string"],
    ["U&'d\\0061t'", "postgresql", "string"],
    ["$$a; 'b$$", "postgresql", "string"],
    ["$fn$ $$ ; $fn$", "postgresql", "string"],
    ["/* a /* b */ ; */", "postgresql", "comment"],
    ["-- a ; b", "postgresql", "comment"],
    ['"a""b"', "postgresql", "quoted"],
    ["'a\\'b'", "mysql", "string"],
    ['"text"', "mysql", "string"],
    ["`a``b`", "mysql", "quoted"],
    ["# a", "mysql", "comment"],
    ["[a]]b]", "mssql", "quoted"],
    ["N'a'", "mssql", "string"],
    ["#temporary", "mssql", "word"],
    ["@@x", "mysql", "word"],
    ["1.5e-3", "postgresql", "number"],
    [":name", "postgresql", "parameter"],
    ["%(name)s", "postgresql", "parameter"],
    ["%s", "postgresql", "parameter"],
    ["?", "sqlite", "parameter"],
    ["$1", "postgresql", "parameter"],
    ["été_😀", "postgresql", "word"],
  ])("%s of %s is one token: %s", (sql, dialect, kind) => {
    expect(kinds(sql, dialect)).toEqual([`${kind} ${sql}`]);
  });

  test.each<readonly [string, Dialect]>([
    ["'never ends; ", "postgresql"],
    ["/* never ends", "mysql"],
    ["$a$ never ends", "postgresql"],
    ["[never ends", "mssql"],
  ])("%s ends with the text", (sql, dialect) => {
    expect(scan(sql, dialect)).toHaveLength(1);
  });

  test("casts, slices and operators are no parameters", () => {
    for (const sql of ["a::int", "a[1:n]", "data ? 'k'", "a % s", "a %s", "x := 1", "(1)::text"]) {
      expect(kinds(sql).filter((token) => token.startsWith("parameter"))).toEqual([]);
    }
  });

  test("names are folded as the dialect folds them", () => {
    const name = (sql: string, dialect: Dialect): string => {
      const [token] = scan(sql, dialect);
      return token ? nameOf(token, sql, dialect) : "";
    };
    expect(name("Users", "postgresql")).toBe("users");
    expect(name('"Us""ers"', "postgresql")).toBe('Us"ers');
    expect(name("USERS", "oracle")).toBe("users");
    expect(name("[a]]b]", "mssql")).toBe("a]b");
    expect(name("`Users`", "mysql")).toBe("Users");
  });
});

describe("splitStatements", () => {
  test("leaves out comments between, empty statements and the semicolon", () => {
    expect(pieces("-- one\nSELECT 1 -- two\n;;; /* three */ SELECT ';' ; ")).toEqual(["SELECT 1", "SELECT ';'"]);
  });

  test("keeps a routine's body with its head", () => {
    const atomic = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
    expect(pieces(`${atomic}; SELECT 1`)).toEqual([atomic, "SELECT 1"]);
    const trigger =
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE d WHEN 1 THEN 2 END; DELETE FROM e; END";
    expect(pieces(`${trigger}; SELECT 1`, "sqlite")).toEqual([trigger, "SELECT 1"]);
    const procedure =
      "CREATE PROCEDURE p() BEGIN IF a THEN SET b = 1; END IF; CASE a WHEN 1 THEN SET c = 1; END CASE; END";
    expect(pieces(`${procedure}; SELECT 1`, "mysql")).toEqual([procedure, "SELECT 1"]);
  });

  test("BEGIN of a transaction is a statement of its own", () => {
    expect(pieces("BEGIN; UPDATE t SET a = 1; END")).toEqual(["BEGIN", "UPDATE t SET a = 1", "END"]);
    expect(pieces("BEGIN TRANSACTION; DELETE FROM t; COMMIT", "sqlite")).toHaveLength(3);
  });

  test("SQL Server's batches end with GO, and a procedure with its batch", () => {
    expect(pieces("SELECT 1\nGO\nCREATE PROC p AS SELECT 1; SELECT 2\ngo\nSELECT 3", "mssql")).toEqual([
      "SELECT 1",
      "CREATE PROC p AS SELECT 1; SELECT 2",
      "SELECT 3",
    ]);
  });

  test("a rule's actions in parentheses stay together", () => {
    const rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)";
    expect(pieces(`${rule};`)).toEqual([rule]);
  });
});

describe("maskPlaceholders", () => {
  test.each([
    ["a = :name", "a = $1   "],
    ["a = :x::text", "a = $1::text"],
    ["a = %(name)s AND b = %s", "a = $1       AND b = $1"],
    ["a %% 2", "a %  2"],
    ["'{}'\\:\\:jsonb", "'{}'  ::jsonb"],
    ["a IN (?, ?)", "a IN (\uFFFC, \uFFFC)"],
    ["1\uFFFC0", "100"],
    ["t_\uFFFC", "t_\uFFFC"],
    ["':a %s ? %%'", "':a %s ? %%'"],
    ["$$ :a $$ -- :b", "$$ :a $$ -- :b"],
  ])("%s becomes %s", (sql, masked) => {
    expect(mask(sql)).toBe(masked);
    expect(masked).toHaveLength(sql.length);
  });
});
