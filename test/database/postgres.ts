/** A PostgreSQL server for the tests of one file, with a fresh database for each that asks. */
import { afterAll, beforeAll } from "vitest";
import { type Postgres, startPostgres } from "../../scripts/demo/postgres.ts";
import { createScope } from "../../scripts/host/scope.ts";

export interface Databases {
  /** Creates an empty database and gives its name. */
  create(): Promise<string>;
  readonly server: () => Postgres;
}

/** Call at the top of a test file. */
export function useDatabases(): Databases {
  const scope = createScope();
  let server: Postgres | undefined;
  let count = 0;
  const running = (): Postgres => {
    if (server === undefined) throw new Error("PostgreSQL has not started");
    return server;
  };
  beforeAll(async () => {
    server = await startPostgres(scope);
  });
  afterAll(() => scope.close());
  return {
    server: running,
    async create() {
      const name = `test_${++count}`;
      await running().createDatabase(name);
      return name;
    },
  };
}
