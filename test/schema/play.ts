/** Statements of SQL as the operations of one revision, and the schema that they lead to. */
import type { Operation } from "../../server/src/model/revision.ts";
import { applyOperation, type Contradiction } from "../../server/src/schema/replay/apply.ts";
import type { Environment } from "../../server/src/schema/replay/environment.ts";
import { KnownSchema } from "../../server/src/schema/replay/schema.ts";
import { parseSql } from "../../server/src/sql/parse.ts";

export const postgres: Environment = { dialect: "postgresql", namingConvention: new Map() };

export const operationsOf = (sql: string): readonly Operation[] =>
  parseSql(sql, "postgresql").flatMap(({ range, actions, confidence }) =>
    actions.map((action) => ({
      ...action,
      range,
      nameRange: range,
      via: "sql" as const,
      confidence: confidence === "parsed" ? ("certain" as const) : ("opaque" as const),
      context: [],
      statement: 0,
      calls: [],
    })),
  );

export interface Played {
  readonly schema: KnownSchema;
  readonly contradictions: readonly Contradiction[];
}

export function play(sql: string, before = new KnownSchema(), environment = postgres): Played {
  const contradictions: Contradiction[] = [];
  let schema = before;
  for (const operation of operationsOf(sql)) {
    const applied = applyOperation(schema, operation, environment);
    schema = applied.schema;
    contradictions.push(...applied.contradictions);
  }
  return { schema, contradictions };
}
