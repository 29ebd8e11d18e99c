/**
 * Two databases for two forms of one history: the real Alembic runs both over the same rows, and what each step leaves
 * is compared.
 */
import { afterAll, beforeAll } from "vitest";
import type pg from "pg";
import { createScope } from "../../scripts/host/scope.ts";
import type { AlembicRequest, Python } from "./alembic.ts";
import type { Databases } from "./postgres.ts";
import { writeTexts } from "./project.ts";
import { readRows, readSchema } from "./snapshot.ts";
import type { State } from "./stage.ts";

/** Files of a project, by path relative to it. */
export type Texts = ReadonlyMap<string, string>;

export type Step = readonly ["upgrade" | "downgrade", string];

/** What a step leaves, or why it fails. */
export type Outcome = State | { readonly failure: string };

export const isState = (outcome: Outcome | undefined): outcome is State => outcome !== undefined && "schema" in outcome;

export interface Run {
  readonly texts: Texts;
  /** SQL that an empty database is given first. */
  readonly given?: string;
  /** Steps that lead to the rows, and are not looked at. */
  readonly start: readonly Step[];
  load?(client: pg.Client): Promise<unknown>;
  readonly steps: readonly Step[];
  readonly perMigration: boolean;
}

export interface Prover {
  /** What stands before the first step, then the outcome of each; none follows a failure. */
  run(side: "original" | "rewritten", run: Run): Promise<readonly Outcome[]>;
}

const emptied = `DO $$ DECLARE s text; BEGIN
  FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', s);
  END LOOP; END $$; CREATE SCHEMA public`;

interface Side {
  readonly client: pg.Client;
  readonly url: string;
}

/** Call at the top of a test file. */
export function useProver(databases: Databases, alembic: Python<AlembicRequest>): Prover {
  const scope = createScope();
  const sides = new Map<string, Side>();
  const open = async (): Promise<Side> => {
    const server = databases.server();
    const database = await databases.create();
    const client = await server.connect(database);
    await client.query("SET client_min_messages = error");
    return { client, url: server.url(database).replace("postgresql://", "postgresql+psycopg://") };
  };
  beforeAll(async () => {
    for (const name of ["original", "rewritten"]) sides.set(name, await open());
  });
  afterAll(async () => {
    for (const { client } of sides.values()) await client.end();
    await scope.close();
  });
  return {
    async run(name, { texts, given, start, load, steps, perMigration }) {
      const side = sides.get(name);
      if (!side) throw new Error("the databases are not there yet");
      const { client, url } = side;
      const config = writeTexts(scope.folder(name), texts);
      const options = { "sqlalchemy.url": url, transaction_per_migration: String(perMigration) };
      const carryOut = async ([command, revision]: Step): Promise<void> => {
        await alembic.run({ config, command, revision, options, pooled: true });
      };
      await client.query(emptied);
      if (given !== undefined) await client.query(given);
      for (const step of start) await carryOut(step);
      await load?.(client);
      const state = async (): Promise<State> => ({ schema: await readSchema(client), rows: await readRows(client) });
      const outcomes: Outcome[] = [await state()];
      for (const step of steps) {
        try {
          await carryOut(step);
          outcomes.push(await state());
        } catch (error) {
          outcomes.push({ failure: String(error) });
          break;
        }
      }
      return outcomes;
    },
  };
}
