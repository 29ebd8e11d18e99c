/** What holds for every operation on every server, whatever it meets: also where the history contradicts itself. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { operationsOf, play } from "../../scripts/locks/predicted.ts";
import { base } from "../../scripts/locks/row.ts";
import { allRows } from "../../scripts/locks/rows/index.ts";
import { postgresVersions, type Impact, type Server } from "../../server/src/locks/impact.ts";
import { blocksOf } from "../../server/src/locks/modes.ts";
import { combined, createdBy, impactOf } from "../../server/src/locks/predict.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { type QualifiedName, renderName } from "../../server/src/sql/action.ts";

/** Not what any server takes, but what a file may hold. */
const contradictions = [
  "CREATE TABLE loop PARTITION OF loop FOR VALUES IN (1)",
  "CREATE TABLE ring_a () INHERITS (ring_b); CREATE TABLE ring_b () INHERITS (ring_a)",
  "CREATE VIEW mirror AS SELECT * FROM mirror",
  "CREATE TABLE self (id integer PRIMARY KEY REFERENCES self ON DELETE CASCADE)",
  "ALTER TABLE nowhere ADD COLUMN z serial PRIMARY KEY",
  "DROP TABLE users CASCADE; DROP TABLE users CASCADE",
  "DO $$ BEGIN EXECUTE 'x'; END $$",
  "ALTER TABLE loop ADD COLUMN z integer",
  "ALTER TABLE ring_a DROP COLUMN z CASCADE",
  "SELECT * FROM mirror",
  "DELETE FROM self",
  "UPDATE loop SET a = 1 WHERE b = 2",
  "TRUNCATE self CASCADE",
  "DROP VIEW mirror CASCADE",
];
const statement = fc.constantFrom(
  ...allRows.flatMap(({ sql, given }) => [sql, ...(given ? [given] : [])]),
  ...contradictions,
);
const server = fc.constantFrom<Server>(
  ...postgresVersions.map((version) => ({ dialect: "postgresql" as const, version })),
  { dialect: "mysql", version: "8.0" },
  { dialect: "mariadb", version: "11.4" },
  { dialect: "sqlite" },
);

const names = (tables: readonly QualifiedName[]): readonly string[] => tables.map(renderName);

function holdsTogether(impact: Impact, on: Server): void {
  expect(names(impact.builds).filter((name) => !names(impact.scans).includes(name))).toEqual([]);
  expect(names(impact.scans).filter((name) => names(impact.rewrites).includes(name))).toEqual([]);
  expect(new Set(names(impact.locks.map(({ table }) => table))).size).toBe(impact.locks.length);
  expect(impact.basis).toBe(on.dialect === "postgresql" ? "measured" : "documented");
  if (impact.confidence === "likely") expect(impact.notes.length).toBeGreaterThan(0);
  if (on.dialect !== "postgresql") return;
  const locked = names(impact.locks.map(({ table }) => table));
  for (const name of [...names(impact.rewrites), ...names(impact.scans)]) expect(locked).toContain(name);
  for (const { mode, blocks } of impact.locks) expect(blocks).toEqual(expect.arrayContaining([...blocksOf(mode)]));
}

test("an impact is one with itself, and nothing throws", () => {
  fc.assert(
    fc.property(
      fc.array(statement, { maxLength: 4 }),
      fc.array(statement, { minLength: 1, maxLength: 3 }),
      server,
      (given, sqls, on) => {
        let schema = play(new KnownSchema(), operationsOf([base, ...given].join(";\n")));
        const created: QualifiedName[] = [];
        const impacts = operationsOf(sqls.join(";\n")).map((operation) => {
          const impact = impactOf(operation, { server: on, schema, created });
          if (impact) holdsTogether(impact, on);
          schema = play(schema, [operation]);
          created.push(...createdBy(operation));
          return impact;
        });
        const all = combined(impacts);
        if (all) holdsTogether(all, on);
        expect(all === undefined).toBe(impacts.length === 0 || impacts.includes(undefined));
      },
    ),
    { numRuns: 250 },
  );
});

test("a table that the transaction made is in no list", () => {
  fc.assert(
    fc.property(statement, (sql) => {
      const schema = play(new KnownSchema(), operationsOf(base));
      const created = [...schema.tables].map(({ name }) => name);
      for (const operation of operationsOf(sql)) {
        const impact = impactOf(operation, { server: { dialect: "postgresql", version: 17 }, schema, created });
        if (!impact) continue;
        const listed = names([
          ...impact.locks.map(({ table }) => table),
          ...impact.rewrites,
          ...impact.scans,
          ...impact.builds,
        ]);
        expect(listed.filter((name) => names(created).includes(name))).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});
