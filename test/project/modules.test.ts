import { describe, expect, test } from "vitest";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const revision = (id: string, body: string, imports: string): string =>
  `from alembic import op\n${imports}\nrevision = "${id}"\ndown_revision = None\ndef upgrade():\n    ${body}\n`;

const sample = {
  "/w/shop/alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\n",
  "/w/shop/migrations/env.py": "from alembic import context\n",
  "/w/shop/migrations/util.py": 'from alembic import op\nNAME = "a"\ndef drop(name):\n    op.drop_table(name)\n',
  "/w/shop/migrations/versions/one.py": revision("one", "drop(NAME)", "from shop.migrations.util import NAME, drop"),
  "/w/shop/migrations/versions/two.py": revision("two", 'op.drop_table("t")', ""),
};

async function open(texts: Readonly<Record<string, string>> = sample) {
  const files = memoryFiles(texts);
  const read: string[] = [];
  const counted = {
    list: (path: string) => files.list(path),
    read: (path: string) => {
      read.push(path);
      return files.read(path);
    },
  };
  const store = new ProjectStore(counted, memoryLog());
  await store.open(["/w"]);
  const tables = (name: string) => {
    const file = store.snapshot().projects[0]?.files.get(`/w/shop/migrations/versions/${name}.py`);
    return file?.upgrades[0]?.operations.map((one) => `${one.kind} ${one.table?.name ?? ""}`);
  };
  const file = (name: string) => store.snapshot().projects[0]?.files.get(`/w/shop/migrations/versions/${name}.py`);
  return { store, read, tables, file };
}

describe("modules that revisions import", () => {
  test("are found above the versions, by the name of a folder around them", async () => {
    const { tables } = await open();
    expect(tables("one")).toEqual(["drop_table a"]);
  });

  test.each([
    ["below the config", "/w/shop/lib/names.py", "lib.names"],
    ["in src", "/w/shop/src/lib/names.py", "lib.names"],
    ["in a package's __init__", "/w/shop/lib/names/__init__.py", "lib.names"],
    ["beside the revision", "/w/shop/migrations/versions/names.py", ".names"],
    ["in the folder above the revision", "/w/shop/migrations/names.py", "..names"],
  ])("are found %s", async (_title, path, name) => {
    const one = revision("one", "op.drop_table(NAME)", `from ${name} import NAME`);
    const { tables } = await open({
      ...sample,
      [path]: 'NAME = "found"\n',
      "/w/shop/migrations/versions/one.py": one,
    });
    expect(tables("one")).toEqual(["drop_table found"]);
  });

  test("a revision that uses one is read again when it changes, the others are not", async () => {
    const { store, tables, file } = await open();
    const two = file("two");
    const util = sample["/w/shop/migrations/util.py"];
    await store.update("/w/shop/migrations/util.py", util.replace('"a"', '"b"'));
    expect(tables("one")).toEqual(["drop_table b"]);
    expect(file("two")).toBe(two);
    await store.update("/w/shop/migrations/util.py", undefined);
    expect(tables("one")).toEqual(["drop_table a"]);
  });

  test("one that comes into being is taken", async () => {
    const { "/w/shop/migrations/util.py": util, ...without } = sample;
    const { store, file, tables } = await open(without);
    expect(file("one")?.upgrades[0]?.operations.map(({ confidence }) => confidence)).toEqual(["opaque"]);
    await store.update("/w/shop/migrations/util.py", util);
    expect(tables("one")).toEqual(["drop_table a"]);
  });

  test("are read as often for many revisions as for one", async () => {
    const others = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `/w/shop/migrations/versions/n${String(i)}.py`,
        revision(`n${String(i)}`, "drop(NAME)", "from shop.migrations.util import NAME, drop"),
      ]),
    );
    const readsOf = async (texts: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      (await open(texts)).read.filter((path) => path.endsWith("/util.py"));
    const few = await readsOf(sample);
    expect(few).toContain("/w/shop/migrations/util.py");
    expect(await readsOf({ ...sample, ...others })).toEqual(few);
  });

  test("a folder of the project that is called alembic is not Alembic", async () => {
    const { tables } = await open({ ...sample, "/w/shop/alembic/__init__.py": "op = None\n" });
    expect(tables("two")).toEqual(["drop_table t"]);
  });
});
