import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dialects, type Dialect } from "../../server/src/sql/action.ts";
import { HOLE } from "../../server/src/sql/hole.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { maskPlaceholders } from "../../server/src/sql/placeholders.ts";
import { canonicalType, renderColumnType } from "../../server/src/sql/postgres/types.ts";
import { utf16Offsets } from "../../server/src/sql/postgres/statement.ts";
import { scan } from "../../server/src/sql/scan.ts";

const dialect = fc.constantFrom(...dialects);

/** Statements with everything in them that could lead a scanner astray. */
const statements = [
  "UPDATE users SET full_name = first_name || ' ; ' || last_name WHERE id = :id",
  "INSERT INTO \"wéird 😀\" (a) VALUES ('it''s', $$;$$, E'\\';', %(x)s)",
  "SELECT 1 /* ; /* ; */ */ + 2 -- ;",
  "ALTER TABLE t ADD COLUMN a text DEFAULT '😀', ALTER b SET NOT NULL",
  "CREATE FUNCTION f() RETURNS void AS $f$ BEGIN UPDATE t SET a = 1; END $f$ LANGUAGE plpgsql",
  "DO $$ BEGIN PERFORM 1; DELETE FROM t; END $$",
  `DELETE FROM ${HOLE} WHERE a IN (?, %s)`,
  "CREATE TABLE é (a int DEFAULT (1 + length('(')) CHECK (a > 0), b varchar(3) COLLATE \"C\" UNIQUE, EXCLUDE USING gist (a WITH =) WHERE (a > 1))",
  "CREATE UNIQUE INDEX i ON t (a DESC, (lower(b)), coalesce(c, ',')) WHERE a IS NULL",
  "ALTER TABLE t ALTER a TYPE int USING a::int, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE NOT VALID",
  "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1, MINVALUE) TO (2, 5)",
  "ALTER TABLE t ADD COLUMN a INT DEFAULT 0 COMMENT 'x', ALGORITHM=INSTANT",
  "IF EXISTS (SELECT 1) BEGIN DROP TABLE t; DROP TABLE u END",
  "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE q SET a = 1; END",
];

/** Pieces of SQL in any order. */
const nonsense = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."' \" ` [ ] ( ) ; , . : % ? $ $$ $a$ -- /* */ \\ \n # @ 1 :a %s %(a)s".split(" "),
        HOLE,
        " ",
        "é",
        "😀",
      ),
      fc.constantFrom(
        ..."select update set insert into values from where alter table add create begin end case on conflict do".split(
          " ",
        ),
      ),
      fc.constantFrom(...statements),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(" "));

const expectAnswer = (sql: string, of: Dialect): void => {
  let end = 0;
  for (const statement of parseSql(sql, of)) {
    expect(statement.actions.length).toBeGreaterThan(0);
    expect(statement.range.start).toBeGreaterThanOrEqual(end);
    expect(statement.range.end).toBeGreaterThan(statement.range.start);
    end = statement.range.end;
  }
  expect(end).toBeLessThanOrEqual(sql.length);
};

describe("parseSql", () => {
  test("has an answer for every text, its statements in order and apart", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), dialect, expectAnswer));
    fc.assert(fc.property(nonsense, dialect, expectAnswer));
  });

  test("has an answer for every beginning of a statement", () => {
    fc.assert(
      fc.property(fc.constantFrom(...statements), fc.nat(), dialect, (sql, length, of) => {
        expectAnswer(sql.slice(0, length % sql.length), of);
      }),
    );
  });

  test("finds exactly the statements that were put together", () => {
    const separator = fc.constantFrom(";", " ; ", ";\n", ";; ", "; -- é;\n", "; /* 😀 */ ");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...statements.slice(0, 7)), separator)), (parts) => {
        const ended = parts.map(([sql]) => (sql.endsWith("-- ;") ? sql.slice(0, -5) : sql));
        const sql = parts.map(([, between], i) => `${ended[i] ?? ""}${between}`).join("");
        const found = parseSql(sql, "postgresql").map(({ range }) => sql.slice(range.start, range.end));
        expect(found).toEqual(ended);
      }),
    );
  });

  test("finds the same thing twice", () => {
    fc.assert(
      fc.property(nonsense, dialect, (sql, of) => {
        expect(parseSql(sql, of)).toEqual(parseSql(sql, of));
      }),
    );
  });
});

test("every text is a type or is none", () => {
  const words = fc.constantFrom(
    ...'int varchar timestamp with time zone interval day to second ( ) [ ] , . 3 array "x" char bit'.split(" "),
    HOLE,
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(words).map((parts) => parts.join(" ")),
      ),
      (text) => {
        const type = canonicalType(text);
        if (!type) return;
        expect(type.name).not.toBe("");
        expect(canonicalType(renderColumnType({ ...type, dimensions: 0 }))).toMatchObject({ ...type, dimensions: 0 });
      },
    ),
  );
});

test("tokens cover a text in order, and only white space lies between them", () => {
  fc.assert(
    fc.property(nonsense, dialect, (sql, of) => {
      let end = 0;
      for (const token of scan(sql, of)) {
        expect(sql.slice(end, token.start).trim()).toBe("");
        expect(token.end).toBeGreaterThan(token.start);
        end = token.end;
      }
      expect(sql.slice(end).trim()).toBe("");
    }),
  );
});

test("masked placeholders keep the width of the text", () => {
  fc.assert(
    fc.property(nonsense, dialect, (sql, of) => {
      expect(maskPlaceholders(sql, scan(sql, of), of)).toHaveLength(sql.length);
    }),
  );
});

test("bytes of UTF-8 become UTF-16 code units", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
      const toOffset = utf16Offsets(before + after);
      const bytes = new TextEncoder().encode(before).length;
      expect(toOffset(bytes)).toBe(before.length);
      expect(toOffset(0)).toBe(0);
    }),
  );
});
