import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { shop } from "../../scripts/demo/shop.ts";
import { loadEngine } from "../../server/src/host/engine.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { Replay } from "../../server/src/schema/replay/replay.ts";
import { memoryLog } from "../support/memory.ts";
import { useAlembic } from "./alembic.ts";
import { useDatabases } from "./postgres.ts";
import { compareWithServer } from "./replayed.ts";

const databases = useDatabases();
const alembic = useAlembic();

async function open(folder: string): Promise<Project> {
  await loadEngine();
  const store = new ProjectStore(nodeFiles, memoryLog());
  await store.open([folder.split(path.sep).join("/")]);
  const [project] = store.snapshot().projects;
  if (!project) throw new Error(`there is no project in ${folder}`);
  return project;
}

describe("the replay of the sample shop", () => {
  let project: Project;
  beforeAll(async () => {
    project = await open(shop.folder);
  });

  test("agrees with the catalog of the real database at every revision", async () => {
    const database = await databases.create();
    const url = databases.server().url(database).replace("postgresql://", "postgresql+psycopg://");
    const replay = new Replay(project.history, { dialect: "postgresql", namingConvention: new Map() });
    const config = path.join(shop.folder, "alembic.ini");
    const done: string[] = [];
    for (const id of project.history.order) {
      await alembic.run({ config, command: "upgrade", revision: id, options: { "sqlalchemy.url": url } });
      done.push(id);
      const heads = done.filter((one) => !project.history.children.get(one)?.some((child) => done.includes(child)));
      const { equal, differences } = await compareWithServer(databases, database, replay.at(heads));
      expect({ id, differences }).toEqual({ id, differences: [] });
      expect(equal).toBeGreaterThan(0);
    }
  });
});
