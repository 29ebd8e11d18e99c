import { describe, expect, test } from "vitest";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryFiles, memoryLog } from "../support/memory.ts";

const environment = "from alembic import context\n\ncontext.configure(url=url)\n";
const revision = (id: string, down?: string): string =>
  `"""Revision ${id}"""\nrevision = "${id}"\ndown_revision = ${down === undefined ? "None" : `"${down}"`}\n`;

async function open(files: Record<string, string>, roots: readonly string[] = ["/w"], loose = true) {
  const store = new ProjectStore(memoryFiles(files), memoryLog());
  await store.open(roots, { loose });
  return store.snapshot();
}

const outline = (projects: readonly Project[]) =>
  projects.map(({ id, files }) => ({ id, files: [...files.keys()].map((path) => path.replace("/w/", "")) }));

describe("a project is found", () => {
  test.each<[string, Record<string, string>, string, readonly string[]]>([
    [
      "by alembic.ini",
      {
        "/w/app/alembic.ini": "[alembic]\nscript_location = migrations\n",
        "/w/app/migrations/env.py": environment,
        "/w/app/migrations/versions/a.py": revision("a"),
      },
      "/w/app/alembic.ini",
      ["app/migrations/versions/a.py"],
    ],
    [
      "by any ini file that names a script_location",
      {
        "/w/production.ini": "[app:main]\nuse = egg:app\n[alembic]\nscript_location = app:alembic\n",
        "/w/app/alembic/env.py": environment,
        "/w/app/alembic/versions/a.py": revision("a"),
      },
      "/w/production.ini",
      ["app/alembic/versions/a.py"],
    ],
    [
      "by pyproject.toml",
      {
        "/w/pyproject.toml": '[tool.alembic]\nscript_location = "%(here)s/m"\n',
        "/w/m/env.py": environment,
        "/w/m/versions/a.py": revision("a"),
      },
      "/w/pyproject.toml",
      ["m/versions/a.py"],
    ],
    [
      "in Flask-Migrate's layout",
      {
        "/w/migrations/alembic.ini": "[alembic]\n# template used to generate migration files\n",
        "/w/migrations/env.py": environment,
        "/w/migrations/versions/a.py": revision("a"),
      },
      "/w/migrations/alembic.ini",
      ["migrations/versions/a.py"],
    ],
    [
      "where a program sets the script folder that lies beside alembic.ini",
      {
        "/w/alembic.ini": "[alembic]\nprepend_sys_path = .\n",
        "/w/db/env.py": environment,
        "/w/db/versions/a.py": revision("a"),
      },
      "/w/alembic.ini",
      ["db/versions/a.py"],
    ],
    [
      "by env.py beside versions",
      { "/w/db/env.py": environment, "/w/db/versions/a.py": revision("a") },
      "/w/db",
      ["db/versions/a.py"],
    ],
    [
      "as a mere folder of revisions",
      { "/w/x/a.py": revision("a"), "/w/x/b.py": revision("b", "a") },
      "/w/x",
      ["x/a.py", "x/b.py"],
    ],
    [
      "in a package that lies elsewhere in the workspace",
      {
        "/w/conf/alembic.ini": "[alembic]\nscript_location = shop.db:migrations\n",
        "/w/libs/one/python/shop/db/migrations/env.py": environment,
        "/w/libs/one/python/shop/db/migrations/versions/a.py": revision("a"),
      },
      "/w/conf/alembic.ini",
      ["libs/one/python/shop/db/migrations/versions/a.py"],
    ],
    [
      "where Alembic is started a folder above its config",
      {
        "/w/conf/alembic.ini": "[alembic]\nscript_location = db/m\n",
        "/w/db/m/env.py": environment,
        "/w/db/m/versions/a.py": revision("a"),
      },
      "/w/conf/alembic.ini",
      ["db/m/versions/a.py"],
    ],
  ])("%s", async (_name, files, id, paths) => {
    const { projects, problems } = await open(files);
    expect(outline(projects)).toEqual([{ id, files: paths }]);
    expect(problems).toEqual([]);
    expect(projects[0]?.problems).toEqual([]);
  });

  test("once, though two configs name it; alembic.ini stands", async () => {
    const config = "[alembic]\nscript_location = m\n";
    const { projects } = await open({
      "/w/a.ini": config,
      "/w/alembic.ini": config,
      "/w/m/env.py": environment,
      "/w/m/versions/a.py": revision("a"),
    });
    expect(projects.map(({ id }) => id)).toEqual(["/w/alembic.ini"]);
  });

  test("per section that has a script_location", async () => {
    const { projects } = await open({
      "/w/alembic.ini": "[alembic]\nscript_location = one\n[other]\nscript_location = two\n",
      "/w/one/versions/a.py": revision("a"),
      "/w/two/versions/b.py": revision("b"),
    });
    expect(outline(projects)).toEqual([
      { id: "/w/alembic.ini", files: ["one/versions/a.py"] },
      { id: "/w/alembic.ini#other", files: ["two/versions/b.py"] },
    ]);
  });

  test("whole, from a folder or a file inside it", async () => {
    const files = {
      "/w/alembic.ini": "[alembic]\nscript_location = m\n",
      "/w/m/env.py": environment,
      "/w/m/versions/a.py": revision("a"),
      "/w/m/versions/b.py": revision("b", "a"),
    };
    const whole = [{ id: "/w/alembic.ini", files: ["m/versions/a.py", "m/versions/b.py"] }];
    expect(outline((await open(files, ["/w/m/versions"])).projects)).toEqual(whole);
    expect(outline((await open(files, ["/w/m/versions/b.py"])).projects)).toEqual(whole);
    expect(outline((await open(files, ["/w/m"])).projects)).toEqual(whole);
  });

  test("not in folders of other people's code, unless that is where one looks", async () => {
    const files = {
      "/w/.venv/lib/site-packages/pkg/m/env.py": environment,
      "/w/.venv/lib/site-packages/pkg/m/versions/a.py": revision("a"),
      "/w/node_modules/x/a.py": revision("a"),
      "/w/.hidden/a.py": revision("a"),
    };
    expect((await open(files)).projects).toEqual([]);
    expect((await open(files, ["/w/.venv/lib/site-packages"])).projects).toHaveLength(1);
  });

  test("without looking into every Python file, where that is not wanted", async () => {
    expect((await open({ "/w/x/a.py": revision("a") }, ["/w"], false)).projects).toEqual([]);
  });

  test("in a folder of revisions with folders of revisions that they continue", async () => {
    const { projects } = await open({
      "/w/env.py": environment,
      "/w/versions/a.py": revision("a"),
      "/w/versions/newton/b.py": revision("b", "a"),
    });
    expect(outline(projects)).toEqual([{ id: "/w", files: ["versions/a.py", "versions/newton/b.py"] }]);
    expect(projects[0]?.history.heads).toEqual(["b"]);
  });

  test("once per server, where one script folder has revisions for several", async () => {
    const { projects } = await open({
      "/w/alembic.ini": "[alembic]\nscript_location = m\n",
      "/w/m/env.py": environment,
      "/w/m/versions/postgresql/a.py": revision("a"),
      "/w/m/versions/postgresql/b.py": revision("b", "a"),
      "/w/m/versions/sqlite/a.py": revision("a"),
      "/w/m/versions/sqlite/c.py": revision("c", "a"),
    });
    expect(projects.map(({ id, config, history }) => [id, config.dialect, history.heads])).toEqual([
      ["/w/alembic.ini#versions/postgresql", "postgresql", ["b"]],
      ["/w/alembic.ini#versions/sqlite", "sqlite", ["c"]],
    ]);
  });

  test("whole, where branches that share nothing lie in folders of their own", async () => {
    const { projects } = await open({
      "/w/env.py": environment,
      "/w/versions/one/a.py": revision("a"),
      "/w/versions/two/b.py": revision("b"),
    });
    expect(projects.map(({ history }) => history.heads)).toEqual([["a", "b"]]);
  });

  test("without the folder in which old revisions are kept", async () => {
    const { projects } = await open({
      "/w/env.py": environment,
      "/w/versions/a.py": revision("a"),
      "/w/versions/old/x.py": revision("x"),
      "/w/versions/old/y.py": revision("y", "x"),
    });
    expect(outline(projects)).toEqual([{ id: "/w", files: ["versions/a.py"] }]);
  });
});

describe("what is wrong is said where it is written", () => {
  const problemsOf = async (files: Record<string, string>, roots?: readonly string[]) => {
    const { projects, problems } = await open(files, roots);
    return [...problems, ...projects.flatMap((project) => project.problems)].map(({ message, file, range }) => ({
      message,
      file,
      text: (files[file] ?? "").slice(range.start, range.end),
    }));
  };

  test("an ini file that does not parse", async () => {
    expect(
      await problemsOf({
        "/w/alembic.ini": "[alembic]\nscript_location = m\nscript_location = n\n",
        "/w/n/env.py": environment,
      }),
    ).toEqual([
      {
        message: 'Line 3: the option "script_location" is there twice in [alembic].',
        file: "/w/alembic.ini",
        text: "script_location",
      },
    ]);
  });

  test("an alembic.ini without a section", async () => {
    expect(await problemsOf({ "/w/alembic.ini": "script_location = m\n" })).toEqual([
      {
        message: "Line 1: there is no section header such as [alembic] before this line.",
        file: "/w/alembic.ini",
        text: "script_location = m",
      },
    ]);
  });

  test("a script_location that does not exist, or is not given", async () => {
    expect(await problemsOf({ "/w/alembic.ini": "[alembic]\nscript_location = gone\n" })).toEqual([
      { message: 'The folder "gone" of script_location was not found.', file: "/w/alembic.ini", text: "gone" },
    ]);
    expect(await problemsOf({ "/w/alembic.ini": "[alembic]\n" })).toEqual([
      { message: 'There is no "script_location" for Alembic in alembic.ini.', file: "/w/alembic.ini", text: "" },
    ]);
  });

  test("a pyproject.toml that does not parse", async () => {
    expect(await problemsOf({ "/w/pyproject.toml": "[tool.alembic]\nscript_location = \n" })).toMatchObject([
      { file: "/w/pyproject.toml", text: "script_location = " },
    ]);
  });

  test("options of the wrong kind", async () => {
    const toml =
      '[tool.alembic]\nscript_location = "m"\ntruncate_slug_length = "many"\nrecursive_version_locations = "yes"\nfile_template = "%(rev)s"\n';
    expect(await problemsOf({ "/w/pyproject.toml": toml, "/w/m/env.py": environment })).toEqual([
      { message: '"truncate_slug_length" must be a whole number.', file: "/w/pyproject.toml", text: '"many"' },
      { message: '"recursive_version_locations" must be true or false.', file: "/w/pyproject.toml", text: '"yes"' },
      {
        message: 'This is formatted with "%" and fails: it refers to "rev", which is not known here.',
        file: "/w/pyproject.toml",
        text: '"%(rev)s"',
      },
    ]);
  });

  test("compiled revisions without source, where Alembic loads them; what they may hold is not missing", async () => {
    const files = {
      "/w/alembic.ini": "[alembic]\nscript_location = m\nsourceless = true\n",
      "/w/m/env.py": environment,
      "/w/m/versions/a.py": revision("a", "gone"),
      "/w/m/versions/a.pyc": "",
      "/w/m/versions/b.pyc": "",
      "/w/m/versions/b.pyo": "",
      "/w/m/versions/__init__.pyc": "",
      "/w/m/versions/__pycache__/a.cpython-312.pyc": "",
      "/w/m/versions/__pycache__/c.cpython-312.pyc": "",
    };
    expect(await problemsOf(files)).toEqual([
      {
        message:
          "Alembic also loads revisions here that are compiled and have no source, which cannot be read: b.pyc, __pycache__/c.cpython-312.pyc.",
        file: "/w/m/versions/b.pyc",
        text: "",
      },
    ]);
    const without = await problemsOf({ ...files, "/w/alembic.ini": "[alembic]\nscript_location = m\n" });
    expect(without.map(({ file }) => file)).toEqual(["/w/m/versions/a.py"]);
  });

  test("the entry of a list that is wrong, and no other", async () => {
    const text = (value: string): string =>
      `[alembic]\nscript_location = m\nversion_locations = ${value}\npath_separator = os\n`;
    for (const value of ["one:gone:m", "\n  one:\n   gone:\n", "%(here)s/one : gone"]) {
      const files = { "/w/alembic.ini": text(value), "/w/m/env.py": environment, "/w/one/a.py": revision("a") };
      expect(await problemsOf(files)).toEqual([
        { message: 'The folder "gone" of version_locations was not found.', file: "/w/alembic.ini", text: "gone" },
      ]);
    }
    const toml = '[tool]\nalembic = { script_location = "m", version_locations = ["one", "gone"] }\n';
    const files = { "/w/pyproject.toml": toml, "/w/m/env.py": environment, "/w/one/a.py": revision("a") };
    expect((await problemsOf(files)).map((one) => one.text)).toEqual(['"gone"']);
  });

  test("an id that alembic_version has no room for is one, but not with SQLite, which stores any", async () => {
    const id = "a".repeat(33);
    const files = (url: string) => ({
      "/w/alembic.ini": `[alembic]\nscript_location = m\nsqlalchemy.url = ${url}\n`,
      "/w/m/env.py": environment.replace("url=url", ""),
      "/w/m/versions/a.py": revision(id),
    });
    expect(await problemsOf(files("postgresql://h/d"))).toEqual([
      {
        message: `Revision id "${id}" has 33 characters; alembic_version.version_num holds 32.`,
        file: "/w/m/versions/a.py",
        text: `"${id}"`,
      },
    ]);
    expect(await problemsOf(files("sqlite:///d.db"))).toEqual([]);
  });

  test("lines that are no list, since nothing says that lines tell paths apart", async () => {
    const files = {
      "/w/alembic.ini": "[alembic]\nscript_location = m\nversion_locations =\n  one\n  two\n",
      "/w/m/env.py": environment,
      "/w/one/a.py": revision("a"),
    };
    expect((await problemsOf(files)).map(({ message }) => message)).toEqual([
      'The folder "one two" of version_locations was not found. Lines are told apart by "path_separator = newline" only.',
    ]);
  });

  test.each([
    ["truncate_slug_length = many", '"truncate_slug_length" must be a whole number.', "many"],
    ["timezone =", 'An empty "timezone" stops Alembic; without the line it takes local time.', ""],
    ["timezone = Mars/Base", 'There is no time zone "Mars/Base".', "Mars/Base"],
    ["revision_environment = perhaps", '"revision_environment" must be true or false.', "perhaps"],
    [
      "path_separator = comma\nversion_locations = m",
      '"path_separator" must be space, newline, os, ":" or ";".',
      "comma",
    ],
    [
      "file_template = %%(revision)s",
      'Alembic cannot name a new file by this template: it refers to "revision", which is not known here.',
      "%%(revision)s",
    ],
    [
      "file_template = x_%%(rev)d",
      'Alembic cannot name a new file by this template: "%(rev)d" cannot be followed here.',
      "x_%%(rev)d",
    ],
  ])("the option %j", async (option, message, text) => {
    const files = { "/w/alembic.ini": `[alembic]\nscript_location = m\n${option}\n`, "/w/m/env.py": environment };
    expect(await problemsOf(files)).toEqual([{ message, file: "/w/alembic.ini", text }]);
  });

  test("a root that is not there", async () => {
    expect(await problemsOf({}, ["/nowhere"])).toEqual([
      { message: "/nowhere does not exist or cannot be listed.", file: "/nowhere", text: "" },
    ]);
  });

  test("but not that a URL of SQLite is for development only, where revisions are for PostgreSQL", async () => {
    const { projects } = await open({
      "/w/alembic.ini": "[alembic]\nscript_location = m\nsqlalchemy.url = sqlite:///dev.db\n",
      "/w/m/env.py": environment,
      "/w/m/versions/a.py": `from sqlalchemy.dialects import postgresql\n${revision("a")}`,
    });
    expect(projects[0]?.config).toMatchObject({ dialect: "postgresql", dialectFrom: "revisions" });
  });

  test("but not a URL whose password env.py fills in", async () => {
    const { projects } = await open({
      "/w/alembic.ini": "[alembic]\nscript_location = m\nsqlalchemy.url = mysql://u:%(PASSWORD)s@h/d\n",
      "/w/m/env.py": environment,
    });
    expect(projects[0]?.problems).toEqual([]);
    expect(projects[0]?.config.dialect).toBe("mysql");
    expect(projects[0]?.config.url).toBeUndefined();
  });
});
