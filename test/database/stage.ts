/** A small project on a database of its own, run up and down by the real Alembic. */
import type { AlembicRequest, Python } from "./alembic.ts";
import type { Databases } from "./postgres.ts";
import type { SmallProject } from "./project.ts";
import { readRows, readSchema, readStanding, type Rows, type SchemaFacts } from "./snapshot.ts";

export interface State {
  readonly schema: SchemaFacts;
  readonly rows: Rows;
}

/** One project on one database. */
export interface Stage {
  up(revision: string): Promise<State>;
  down(revision: string): Promise<State>;
  state(): Promise<State>;
  standing(): Promise<readonly string[]>;
  /** Of a table or a query in parentheses: as JSON with sorted keys, in the order of that. */
  rows(of: string): Promise<readonly string[]>;
  /** Anything else, run on its database. */
  sql(text: string): Promise<void>;
  /** The one value that a query gives. */
  ask(query: string): Promise<unknown>;
}

async function stage(
  project: SmallProject,
  from: { databases: Databases; alembic: Python<AlembicRequest> },
  perMigration = false,
): Promise<Stage> {
  const database = await from.databases.create();
  const server = from.databases.server();
  const options = {
    "sqlalchemy.url": server.url(database).replace("postgresql://", "postgresql+psycopg://"),
    transaction_per_migration: String(perMigration),
  };
  const state = (): Promise<State> =>
    server.withClient(database, async (client) => ({ schema: await readSchema(client), rows: await readRows(client) }));
  const run =
    (command: "upgrade" | "downgrade") =>
    async (revision: string): Promise<State> => {
      await from.alembic.run({ config: project.config, command, revision, options });
      return state();
    };
  return {
    up: run("upgrade"),
    down: run("downgrade"),
    state,
    sql: (text) =>
      server.withClient(database, async (client) => {
        await client.query(text);
      }),
    ask: (query) =>
      server.withClient(database, async (client) => {
        const { rows } = await client.query<Record<string, unknown>>(query);
        return Object.values(rows[0] ?? {})[0];
      }),
    rows: (of) =>
      server.withClient(database, async (client) => {
        const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${of} t`);
        return rows.map(({ row }) => row).sort();
      }),
    standing: () => server.withClient(database, readStanding),
  };
}

/** Opens projects, each on a new database. */
export const useStages =
  (databases: Databases, alembic: Python<AlembicRequest>) =>
  (project: SmallProject, perMigration = false): Promise<Stage> =>
    stage(project, { databases, alembic }, perMigration);
