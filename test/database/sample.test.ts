import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fillShop } from "../../scripts/demo/fill.ts";
import { shop } from "../../scripts/demo/shop.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { readRows, readSchema, type SchemaFacts } from "./snapshot.ts";

const databases = useDatabases();
const alembic = useAlembic();

/** The history of the sample, base first, as Alembic walks it. */
let history: readonly string[] = [];
const config = path.join(shop.folder, "alembic.ini");
const at = (database: string): Record<string, string> => ({ "sqlalchemy.url": alembicUrl(database) });
const alembicUrl = (database: string): string =>
  databases.server().url(database).replace("postgresql://", "postgresql+psycopg://");
const schema = (database: string): Promise<SchemaFacts> => databases.server().withClient(database, readSchema);

beforeAll(async () => {
  history = ((await alembic.run({ config, command: "history" })) as string[]).toReversed();
});

describe("the sample shop", () => {
  test("has some twenty revisions, one head, a branch and a merge", async () => {
    expect(history.length).toBeGreaterThanOrEqual(20);
    expect(await alembic.run({ config, command: "heads" })).toHaveLength(1);
  });

  test("runs up, down and up again, and ends with the same schema", async () => {
    const database = await databases.create();
    const run = (command: "upgrade" | "downgrade", revision: string): Promise<unknown> =>
      alembic.run({ config, command, revision, options: at(database) });
    await run("upgrade", "head");
    const first = await schema(database);
    await run("downgrade", "base");
    expect(await schema(database)).toEqual([]);
    await run("upgrade", "head");
    expect(await schema(database)).toEqual(first);
  });

  test("runs over thousands of rows, and each pending revision can be undone", async () => {
    const database = await databases.create();
    const run = (command: "upgrade" | "downgrade", revision: string): Promise<unknown> =>
      alembic.run({ config, command, revision, options: at(database) });
    await run("upgrade", shop.standing);
    await databases.server().withClient(database, fillShop);
    const rows = await databases.server().withClient(database, readRows);
    expect(Object.values(rows).flat().length).toBeGreaterThan(10_000);
    const pending = history.slice(history.indexOf(shop.standing) + 1);
    expect(pending).toContain(shop.mixed);
    for (const revision of pending) {
      const before = await schema(database);
      await run("upgrade", revision);
      await run("downgrade", "-1");
      expect(await schema(database)).toEqual(before);
      await run("upgrade", revision);
    }
  });
});
