/** What two schemas share is not looked at: that must make no other answer than a look at all of it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { base } from "../../scripts/locks/row.ts";
import { allRows } from "../../scripts/locks/rows/index.ts";
import { compareSchemas } from "../../server/src/schema/difference.ts";
import { keyOf } from "../../server/src/schema/replay/schema.ts";
import { play } from "./play.ts";

const statement = fc.constantFrom(
  ...allRows.flatMap(({ sql, given }) => [sql, ...(given ? [given] : [])]),
  "DO $$ BEGIN EXECUTE 'x'; END $$",
  "CREATE SEQUENCE lonely",
  "DROP SEQUENCE lonely",
  "CREATE SCHEMA other",
  "CREATE TABLE other.people (id serial PRIMARY KEY)",
  "DROP TABLE other.people",
);
const statements = fc.array(statement, { maxLength: 5 });

test("schemas that share most of what they hold differ as those do that share nothing", () => {
  fc.assert(
    fc.property(statements, statements, fc.boolean(), (first, second, isBack) => {
      const early = play([base, ...first].join(";\n")).schema;
      const late = play(second.join(";\n"), early).schema;
      const alone = play([base, ...first].join(";\n")).schema;
      const [a, b, c] = isBack ? [late, early, alone] : [early, late, late];
      const shared = compareSchemas(a, b);
      const unshared = isBack ? compareSchemas(a, c) : compareSchemas(alone, c);
      expect(shared.differences).toEqual(unshared.differences);
      // What is the same thing on both sides is no doubt, however little is known of it.
      expect(unshared.doubts).toEqual(expect.arrayContaining([...shared.doubts]));
    }),
  );
});

test("the tables of a schema are in the order of their names, whichever schema was asked before", () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 8 }), (all) => {
      let { schema } = play(base);
      for (const sql of all) {
        schema = play(sql, schema).schema;
        const tables = [...schema.tables];
        expect(tables.map(({ name }) => keyOf(name))).toEqual(tables.map(({ name }) => keyOf(name)).sort());
        for (const table of tables) expect(schema.table(table.name)).toEqual(table);
        expect(tables.length).toBe(schema.parts.tables.entries().filter(([, { value }]) => value !== "absent").length);
      }
    }),
  );
});
