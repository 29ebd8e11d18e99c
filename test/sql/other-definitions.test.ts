import { describe, expect, test } from "vitest";
import type { ColumnDefinition, Details, Dialect } from "../../server/src/sql/action.ts";
import { HOLE } from "../../server/src/sql/hole.ts";
import { parseSql } from "../../server/src/sql/parse.ts";

const details = (sql: string, dialect: Dialect): Details => {
  const [statement, ...others] = parseSql(sql, dialect);
  expect([others.length, statement?.why, statement?.dialect]).toEqual([0, undefined, undefined]);
  return statement?.actions[0]?.details ?? {};
};

const column = (text: string, dialect: Dialect): ColumnDefinition | undefined =>
  details(`CREATE TABLE t (${text})`, dialect).definitions?.[0];

const type = (name: string, ...given: readonly string[]): object => ({ name, arguments: given, dimensions: 0 });

describe("a column of", () => {
  test.each<readonly [Dialect, string, object]>([
    [
      "mysql",
      "a INT UNSIGNED NOT NULL AUTO_INCREMENT",
      { sqlType: type("INT UNSIGNED"), nullable: false, autoIncrement: true },
    ],
    [
      "mysql",
      "a varchar(20) COLLATE utf8_bin DEFAULT 'x' COMMENT 'c'",
      {
        sqlType: type("VARCHAR", "20"),
        nullable: true,
        default: { sql: "'x'", constant: true },
        collation: "utf8_bin",
        comment: "c",
      },
    ],
    ["mysql", "a enum('x','it''s')", { sqlType: { name: "ENUM" } }],
    [
      "mariadb",
      "a timestamp(6) NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6)",
      {
        sqlType: type("TIMESTAMP", "6"),
        default: { sql: "CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)", calls: ["current_timestamp"] },
      },
    ],
    [
      "mysql",
      "a int GENERATED ALWAYS AS (b + 1) STORED",
      { generated: "computed", computed: { sql: "`b` + 1", stored: true } },
    ],
    [
      "mysql",
      "a decimal(10,2) DEFAULT 1.5",
      { sqlType: type("DECIMAL", "10", "2"), default: { sql: "1.5", constant: true } },
    ],
    ["mysql", "a int DEFAULT :x", { hasServerDefault: true, default: { sql: undefined } }],
    ["mysql", `a int DEFAULT ${HOLE}`, { name: "a", hasServerDefault: true, default: { sql: undefined } }],
    [
      "sqlite",
      "a DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL",
      { sqlType: type("DATETIME"), nullable: false, default: { sql: "CURRENT_TIMESTAMP" } },
    ],
    ["sqlite", "a INTEGER PRIMARY KEY AUTOINCREMENT", { nullable: false, autoIncrement: true }],
    ["mssql", "a NVARCHAR(max) DEFAULT 'x'", { sqlType: type("NVARCHAR", "max"), default: { sql: "'x'" } }],
  ])("%s: %s", (dialect, text, expected) => {
    expect(column(text, dialect)).toMatchObject(expected);
  });
});

describe("constraints and indexes of", () => {
  test.each<readonly [Dialect, string, Details]>([
    [
      "mysql",
      "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, CONSTRAINT ck CHECK (a > 0), CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.u (x) ON DELETE CASCADE ON UPDATE SET NULL, UNIQUE KEY uk (a, id), FULLTEXT KEY ft (a))",
      {
        constraints: [
          { type: "primary_key", columns: ["id"] },
          { type: "unique", columns: ["a"] },
          { type: "check", name: "ck", nameIsFinal: true, columns: ["a"], expression: { sql: "`a` > 0" } },
          {
            type: "foreign_key",
            name: "fk",
            nameIsFinal: true,
            columns: ["a"],
            references: {
              table: { schema: "s", name: "u" },
              columns: ["x"],
              onDelete: "CASCADE",
              onUpdate: "SET NULL",
            },
          },
          { type: "unique", name: "uk", nameIsFinal: true, columns: ["a", "id"] },
        ],
        indexes: [{ name: "ft", nameIsFinal: true, keys: [{ column: "a" }], unique: false, method: "fulltext" }],
      },
    ],
    [
      "sqlite",
      "CREATE TABLE t (a INT REFERENCES u (id) ON DELETE SET NULL CHECK (a IN (0, 1)), b INT, PRIMARY KEY (a, b))",
      {
        constraints: [
          { type: "check", columns: ["a"], expression: { sql: '"a" IN (0, 1)' } },
          {
            type: "foreign_key",
            columns: ["a"],
            references: { table: { name: "u" }, columns: ["id"], onDelete: "SET NULL" },
          },
          { type: "primary_key", columns: ["a", "b"] },
        ],
      },
    ],
    [
      "sqlite",
      "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a DESC, lower(b)) WHERE c IS NULL",
      {
        indexes: [
          {
            name: "i",
            nameIsFinal: true,
            keys: [{ column: "a", descending: true }, { expression: { sql: 'lower("b")', calls: ["lower"] } }],
            unique: true,
            method: "btree",
            where: { sql: '"c" IS NULL' },
          },
        ],
        ifNotExists: true,
      },
    ],
    [
      "mysql",
      "CREATE INDEX i ON t (a(10)) ALGORITHM = INPLACE LOCK = NONE",
      {
        indexes: [{ name: "i", nameIsFinal: true, keys: [{ column: "a" }], unique: false, method: "btree" }],
        algorithm: "INPLACE",
        lockClause: "NONE",
      },
    ],
    [
      "mssql",
      "CREATE INDEX i ON t (a) INCLUDE (b)",
      {
        indexes: [
          { name: "i", nameIsFinal: true, keys: [{ column: "a" }], unique: false, method: "btree", include: ["b"] },
        ],
      },
    ],
  ])("%s: %s", (dialect, sql, expected) => {
    expect(details(sql, dialect)).toMatchObject(expected);
  });
});

describe("ALTER TABLE of", () => {
  test.each<readonly [Dialect, string, readonly object[]]>([
    [
      "mysql",
      "ALTER TABLE t ADD COLUMN a INT, DROP COLUMN b, ALGORITHM=INSTANT, LOCK=NONE",
      [
        { definitions: [{ name: "a", sqlType: { name: "INT" } }], algorithm: "INSTANT", lockClause: "NONE" },
        { algorithm: "INSTANT", lockClause: "NONE" },
      ],
    ],
    [
      "mysql",
      "ALTER TABLE t MODIFY a BIGINT NOT NULL DEFAULT 3 COMMENT 'c'",
      [
        {
          newSqlType: { name: "BIGINT", arguments: [], dimensions: 0 },
          nullable: false,
          newDefault: { sql: "3", constant: true },
          comment: "c",
        },
      ],
    ],
    ["mysql", "ALTER TABLE t ENGINE=InnoDB", [{ alteration: { command: "set_options", options: ["engine"] } }]],
    [
      "mysql",
      "ALTER TABLE t AUTO_INCREMENT = 5",
      [{ alteration: { command: "set_options", options: ["auto_increment"] } }],
    ],
    ["mysql", "ALTER TABLE t COMMENT='it'", [{ comment: "it" }]],
    [
      "mssql",
      "ALTER TABLE t ADD CONSTRAINT d DEFAULT 'x' FOR a",
      [{ serverDefault: true, newDefault: { sql: "'x'", constant: true } }],
    ],
  ])("%s: %s", (dialect, sql, expected) => {
    expect(parseSql(sql, dialect).flatMap(({ actions }) => actions.map((one) => one.details))).toMatchObject(expected);
  });

  test("tells options of a table", () => {
    expect(
      details("CREATE TABLE t (a INT) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='hello'", "mysql").options,
    ).toEqual({
      comment: "hello",
      settings: { ENGINE: "INNODB", "DEFAULT CHARSET": "utf8mb4" },
    });
  });
});
