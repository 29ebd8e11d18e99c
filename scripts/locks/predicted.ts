/** What the predictor says of a row: from its SQL alone, against the schema that the SQL before it leads to. */
import { createdBy, combined, impactOf } from "../../server/src/locks/predict.ts";
import type { Impact, PostgresVersion } from "../../server/src/locks/impact.ts";
import type { Operation } from "../../server/src/model/revision.ts";
import { applyOperation } from "../../server/src/schema/replay/apply.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { type Dialect, type QualifiedName, renderName } from "../../server/src/sql/action.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { base, type Measured, type Row } from "./row.ts";

const environment = { dialect: "postgresql", namingConvention: new Map() } as const;

export const operationsOf = (sql: string, dialect: Dialect = "postgresql"): readonly Operation[] =>
  parseSql(sql, dialect).flatMap(({ range, actions }) =>
    actions.map((action) => ({
      ...action,
      range,
      nameRange: range,
      via: "sql" as const,
      confidence: "certain" as const,
      context: [],
      statement: 0,
      calls: [],
    })),
  );

export const play = (schema: KnownSchema, operations: readonly Operation[]): KnownSchema =>
  operations.reduce((before, operation) => applyOperation(before, operation, environment).schema, schema);

/** The schema that every row meets. The grammar must have been loaded. */
let baseSchema: KnownSchema | undefined;
const schemaBefore = (row: Row): KnownSchema => {
  baseSchema ??= play(new KnownSchema(), operationsOf(base));
  return row.given === undefined ? baseSchema : play(baseSchema, operationsOf(row.given));
};

/** The server's session is in UTC. */
export function predict(row: Row, version: PostgresVersion): Impact | undefined {
  const within = row.within === undefined ? [] : operationsOf(row.within);
  return predictAll(operationsOf(row.sql), play(schemaBefore(row), within), version, within.flatMap(createdBy));
}

/** Each operation meets what those before it have left. */
export function predictAll(
  operations: readonly Operation[],
  before: KnownSchema,
  version: PostgresVersion,
  created: readonly QualifiedName[],
): Impact | undefined {
  let schema = before;
  const impacts: (Impact | undefined)[] = [];
  for (const operation of operations) {
    impacts.push(impactOf(operation, { server: { dialect: "postgresql", version }, schema, created, utc: true }));
    schema = play(schema, [operation]);
  }
  return combined(impacts);
}

/** In the form of a measurement. */
export function toMeasured(impact: Impact): Measured {
  const names = (tables: readonly QualifiedName[]): readonly string[] => tables.map(renderName).sort();
  const locks = impact.locks.map(({ table, mode }) => [renderName(table), mode] as const);
  return {
    locks: Object.fromEntries([...locks].sort(([a], [b]) => (a < b ? -1 : 1))),
    rewrites: names(impact.rewrites),
    scans: names(impact.scans),
    builds: names(impact.builds),
    transactional: impact.transactional,
    waits: impact.waitsForSnapshots,
  };
}
