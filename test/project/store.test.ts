import { describe, expect, test } from "vitest";
import { FileUnreadable, type FileSource } from "../../server/src/project/ports.ts";
import { ProjectStore, type StoreOptions } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const revision = (id: string, down?: string): string =>
  `"""Revision ${id}"""\nrevision = "${id}"\ndown_revision = ${down === undefined ? "None" : `"${down}"`}\n`;

const sample = {
  "/w/alembic.ini": "[alembic]\nscript_location = m\nsqlalchemy.url = mysql://h/d\n",
  "/w/m/env.py": "from alembic import context\n",
  "/w/m/versions/a.py": revision("a"),
  "/w/m/versions/b.py": revision("b", "a"),
};

async function open(texts: Readonly<Record<string, string>> = sample, options: StoreOptions = {}) {
  const files = memoryFiles(texts);
  const store = new ProjectStore(files, memoryLog());
  await store.open(["/w"], options);
  return { files, store, project: () => store.snapshot().projects[0] };
}

describe("a store", () => {
  test("reads again only the file that changed, and shares the rest", async () => {
    const { store, project } = await open();
    const before = project();
    await store.update("/w/m/versions/b.py", revision("bb", "a"));
    const after = project();
    expect(after?.history.heads).toEqual(["bb"]);
    expect(after?.files.get("/w/m/versions/a.py")).toBe(before?.files.get("/w/m/versions/a.py"));
    expect(before?.history.heads).toEqual(["b"]);
  });

  test("keeps the very same project where nothing changed", async () => {
    const { store, project } = await open();
    const before = project();
    await store.update("/w/m/versions/b.py", revision("b", "a"));
    await store.update("/w/README.md", "hello");
    await store.open(["/w"]);
    expect(project()).toBe(before);
  });

  test("prefers what an editor holds to what is on the disk, until it is closed", async () => {
    const { store, files, project } = await open();
    await store.update("/w/m/versions/c.py", revision("c", "b"));
    expect(project()?.history.heads).toEqual(["c"]);
    await store.update("/w/m/versions/c.py", undefined);
    expect(project()?.history.heads).toEqual(["b"]);
    files.texts.set("/w/m/versions/c.py", revision("c", "b"));
    await store.update("/w/m/versions/c.py", undefined);
    expect(project()?.history.heads).toEqual(["c"]);
    files.texts.delete("/w/m/versions/c.py");
    await store.update("/w/m/versions/c.py", undefined);
    expect(project()?.history.heads).toEqual(["b"]);
  });

  test("follows changes of the config and of env.py", async () => {
    const { store, project } = await open();
    expect(project()?.config).toMatchObject({ dialect: "mysql", dialectFrom: "url" });
    await store.update("/w/alembic.ini", "[alembic]\nscript_location = m\n");
    expect(project()?.config).toMatchObject({ dialect: "postgresql", dialectFrom: "assumed" });
    await store.update(
      "/w/m/env.py",
      "from alembic import context\ncontext.configure(transaction_per_migration=True)\n",
    );
    expect(project()?.config.env?.transactionPerMigration).toBe(true);
    await store.update("/w/alembic.ini", "[alembic]\nscript_location = gone\n");
    expect(project()?.problems).toHaveLength(1);
  });

  test("finds a project that comes into being", async () => {
    const { store, files } = await open({ "/w/README.md": "" });
    expect(store.snapshot().projects).toEqual([]);
    for (const [path, text] of Object.entries(sample)) {
      files.texts.set(path, text);
      await store.update(path, undefined);
    }
    expect(store.snapshot().projects.map(({ id }) => id)).toEqual(["/w/alembic.ini"]);
    expect(store.snapshot().projects[0]?.history.heads).toEqual(["b"]);
  });

  test("takes a revision that is opened outside of every project as a project of its folder", async () => {
    const { store } = await open(sample, { loose: false });
    await store.update("/elsewhere/x.py", revision("x"));
    expect(store.snapshot().projects.map(({ id }) => id)).toEqual(["/w/alembic.ini", "/elsewhere"]);
    await store.update("/elsewhere/plain.py", "print()\n");
    await store.open(["/w"], { loose: false });
    expect(store.snapshot().projects.map(({ id }) => id)).toEqual(["/w/alembic.ini", "/elsewhere"]);
  });

  test("takes in a folder of revisions that continue those above it", async () => {
    const { store, files, project } = await open();
    files.texts.set("/w/m/versions/next/c.py", revision("c", "b"));
    await store.update("/w/m/versions/next/c.py", undefined);
    expect(project()?.history.heads).toEqual(["c"]);
    await store.update("/w/m/versions/next/d.py", revision("d", "c"));
    expect(project()?.history.heads).toEqual(["d"]);
    await store.update("/w/m/versions/old/x.py", revision("x"));
    expect(store.snapshot().projects.map(({ id }) => id)).toEqual(["/w/alembic.ini", "/w/m/versions/old"]);
  });

  test("notices a folder that is deleted as a whole", async () => {
    const { store, files } = await open();
    for (const path of [...files.texts.keys()]) if (path.startsWith("/w/m/")) files.texts.delete(path);
    await store.update("/w/m", undefined);
    expect(store.snapshot().projects.map(({ files: all, problems }) => [all.size, problems.length])).toEqual([[0, 1]]);
  });

  test("lets the person's choice of dialect win, per project where it is given so", async () => {
    const { project } = await open(sample, { chosen: (root) => (root === "/w" ? { dialect: "sqlite" } : {}) });
    expect(project()?.config).toMatchObject({ dialect: "sqlite", dialectFrom: "setting" });
  });

  test("works off changes in the order in which they came", async () => {
    const { store, project } = await open();
    const changes = ["x", "y", "z"].map((id) => store.update("/w/m/versions/b.py", revision(id, "a")));
    await Promise.all(changes);
    expect(project()?.history.heads).toEqual(["z"]);
  });
});

describe("a file that cannot be read", () => {
  test("is a problem of its project, and the others are read", async () => {
    const files = memoryFiles(sample);
    files.lock("/w/m/versions/b.py");
    const store = new ProjectStore(files, memoryLog());
    await store.open(["/w"]);
    const [project] = store.snapshot().projects;
    expect(project?.problems).toEqual([
      {
        code: "unreadable",
        message: "/w/m/versions/b.py: permission denied",
        file: "/w/m/versions/b.py",
        range: { start: 0, end: 0 },
      },
    ]);
    expect(project?.history.heads).toEqual(["a"]);
  });

  test("is not said to be missing as well", async () => {
    const files = memoryFiles(sample);
    files.lock("/w/m/versions/a.py");
    const store = new ProjectStore(files, memoryLog());
    await store.open(["/w"]);
    expect(store.snapshot().projects[0]?.problems.map(({ code }) => code)).toEqual(["unreadable"]);
  });

  test("stops nothing where it is the config, env.py or a folder", async () => {
    const memory = memoryFiles(sample);
    const failing = (broken: string): FileSource => ({
      read: (path) =>
        path === broken ? Promise.reject(new FileUnreadable(`${path} cannot be read`)) : memory.read(path),
      list: (path) =>
        path === broken ? Promise.reject(new FileUnreadable(`${path} cannot be listed`)) : memory.list(path),
    });
    for (const broken of ["/w/alembic.ini", "/w/m/env.py", "/w/m/versions", "/w"]) {
      const log = memoryLog();
      const store = new ProjectStore(failing(broken), log);
      await store.open(["/w"]);
      const { projects, problems } = store.snapshot();
      expect([...problems, ...projects.flatMap((project) => project.problems)].length, broken).toBeGreaterThan(0);
      expect(log.lines).toEqual([]);
    }
  });
});

test("a defect while reading stands among the problems, and in the log", async () => {
  const files = memoryFiles(sample);
  const log = memoryLog();
  const store = new ProjectStore(files, log);
  const chosen = (): never => {
    throw new Error("a defect");
  };
  await store.open(["/w"], { chosen });
  expect(store.snapshot().problems).toMatchObject([{ code: "defect", file: "/w" }]);
  expect(log.lines).toHaveLength(1);
  await store.open(["/w"]);
  expect(store.snapshot().problems).toEqual([]);
  expect(store.snapshot().projects).toHaveLength(1);
});
