/** A replayed schema against a real database: it is made anew from its DDL, and the two catalogs are compared. */
import type pg from "pg";
import { renderDdl } from "../../server/src/schema/ddl.ts";
import type { Schema } from "../../server/src/schema/state.ts";
import type { Databases } from "./postgres.ts";
import { readSchema, type SchemaFacts } from "./snapshot.ts";

export interface Agreement {
  /** Facts that both have. */
  readonly equal: number;
  /** `-` the real database only, `+` the replayed one only; and statements of the DDL that failed. */
  readonly differences: readonly string[];
}

/** Views, triggers and functions have bodies, which a replay does not keep; nor does it name NOT NULL, as version 18 does. */
const isTold = (fact: string): boolean =>
  !/^(?:trigger|function) |^table .* \([vm]\)$|^constraint .*: NOT NULL /.test(fact);

export async function makeAnew(client: pg.Client, schema: Schema): Promise<string[]> {
  const failures: string[] = [];
  for (const statement of renderDdl(schema)) {
    if (statement.startsWith("--") && !statement.includes("\n")) continue;
    try {
      await client.query(statement);
    } catch (error) {
      failures.push(
        `! ${statement.replaceAll(/\s+/g, " ")}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return failures;
}

/** Columns of views are told with those of tables; a view is not replayed. */
export async function factsOf(client: pg.Client): Promise<SchemaFacts> {
  const { rows } = await client.query<{ relname: string }>("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')");
  const views = new Set(rows.map(({ relname }) => relname));
  const facts = await readSchema(client);
  // A default of NULL is none; whether the catalog has it depends on how it was set.
  const plain = facts.map((fact) => fact.replace(/ DEFAULT NULL::[a-z ]+$/, ""));
  return plain.filter((fact) => isTold(fact) && !views.has(/^(?:column|comment on) ([^. ]+)/.exec(fact)?.[1] ?? ""));
}

/** @param scratch an empty database, for the replayed schema */
export async function compareWithServer(
  databases: Databases,
  database: string,
  schema: Schema,
  scratch?: string,
): Promise<Agreement> {
  const server = databases.server();
  const real = await server.withClient(database, factsOf);
  const { failures, facts } = await server.withClient(scratch ?? (await databases.create()), async (client) => ({
    failures: await makeAnew(client, schema),
    facts: await factsOf(client),
  }));
  const { equal, differences } = compareFacts(real, facts, failures);
  return { equal, differences: differences.filter((difference) => isClaimed(difference, schema)) };
}

/** A constraint or index whose name is not known gets one from the server when it is made; nobody has claimed that. */
function isClaimed(difference: string, schema: Schema): boolean {
  const [, constraint, index] =
    /^\+ (?:constraint \S+ (\S+):|index CREATE (?:UNIQUE )?INDEX (\S+) ON )/.exec(difference) ?? [];
  const name = constraint ?? index;
  return (
    name === undefined ||
    [...schema.tables].some(({ constraints, indexes }) => [...constraints, ...indexes].some((one) => one.name === name))
  );
}

export function compareFacts(real: SchemaFacts, replayed: SchemaFacts, failures: readonly string[]): Agreement {
  const made = new Set(replayed);
  const known = new Set(real);
  return {
    equal: real.filter((fact) => made.has(fact)).length,
    differences: [
      ...failures,
      ...real.filter((fact) => !made.has(fact)).map((fact) => `- ${fact}`),
      ...replayed.filter((fact) => !known.has(fact)).map((fact) => `+ ${fact}`),
    ],
  };
}
