/** Generated configurations: what the real Alembic makes of them, and where it refuses them. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/files.ts";
import { momentAt, renderMoment } from "../../server/src/project/moment.ts";
import { fileName } from "../../server/src/project/naming.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryLog } from "../support/memory.ts";
import { askProject, writeProject, type ProjectQuestion } from "./alembic-project.ts";

const now = Date.UTC(2026, 2, 29, 0, 59, 58, 123);
const messages = ["Add the User's full name, é and more of it all", "x", ""];

const revision = (id: string): string => `revision = "${id}"\ndown_revision = None\n`;

/** What `alembic init` writes stands for "not set". */
const placeholder = "driver://user:pass@localhost/dbname";

/** Folders that the configurations choose from. */
const tree = {
  "m/env.py": "from alembic import context\n",
  "m/versions/b.py": revision("bbb"),
  "m/versions/a.py": revision("aaa"),
  "m/versions/__init__.py": "",
  "m/versions/.#a.py": "",
  "m/versions/notes.txt": "",
  "m/versions/b/z.py": revision("zzz"),
  "m/versions/b/.hidden/y.py": revision("yyy"),
  "m/versions/a/venv/x.py": revision("xxx"),
  "m/versions/__pycache__/a.cpython-311.py": "",
  "one/c.py": revision("ccc"),
  "one/deep/er/d.py": revision("ddd"),
  "two/e.py": revision("eee"),
  "lib/pkg/__init__.py": "",
  "lib/pkg/moved/env.py": "from alembic import context\n",
  "lib/pkg/moved/versions/f.py": revision("fff"),
};

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const often = <T>(...values: readonly [T, ...T[]]): fc.Arbitrary<T | undefined> =>
  sometimes(fc.constantFrom(...values));

const places = ["%(here)s/m/versions", "one", "./two/", "two", "%(here)s/one", "gone"] as const;
const joints = [":", ";", " ", ", ", ",", "\n  ", " : ", "::", "  ", ",,"] as const;
const locations = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...places), { minLength: 1, maxLength: 3 }), fc.constantFrom(...joints))
  .map(([all, joint]) => all.join(joint));
const separator = often("os", "space", "newline", ":", ";", "comma", "OS", "");
const templates = [
  "%(rev)s_%(slug)s",
  "%(year)d/%(month).2d/%(day)02d_%(hour).2d%(minute).2d-%(second)s_%(rev)s",
  "%(epoch)s_%(slug).10s",
  "%(rev)d",
  "%(revision)s",
  "100%",
  "%(slug)-12s%(rev)5.3s",
] as const;
const zones = ["utc", "UTC", "Europe/Berlin", "America/St_Johns", "EST5EDT", "Nowhere/At_All", "+01:00", ""] as const;

const iniOptions = fc.record({
  script_location: often("m", "%(here)s/m", "./m/", "m/../m", "pkg:moved", "gone", "%(nothing)s/m"),
  version_locations: sometimes(locations),
  path_separator: separator,
  version_path_separator: separator,
  recursive_version_locations: often("true", "True", "false", "1"),
  sourceless: often("true", "no"),
  file_template: sometimes(fc.constantFrom(...templates).map((one) => one.replaceAll("%", "%%"))),
  truncate_slug_length: often("7", "0", " 12 ", "1_0", "-3", "many", "4.0"),
  timezone: often(...zones),
  prepend_sys_path: often("lib", ". lib", ".:lib", ".,lib"),
  revision_environment: often("true", "Yes", "off", "perhaps"),
  output_encoding: often("latin-1"),
  "sqlalchemy.url": often("sqlite:///x%%y.db", placeholder),
});

const tomlString = (text: string): string => JSON.stringify(text);
const tomlOptions = fc.record({
  script_location: often('"m"', '"%(here)s/m"', '"%(there)s/m"', "5"),
  version_locations: often('["%(here)s/one", "two"]', "[]", '["one", 5]', '["50%"]'),
  recursive_version_locations: often("true", "false", '"true"'),
  sourceless: often("true"),
  file_template: sometimes(fc.constantFrom(...templates).map((one) => tomlString(one.replaceAll("%", "%%")))),
  truncate_slug_length: often("7", '"9"', "4.0", "0"),
  timezone: sometimes(fc.constantFrom(...zones).map(tomlString)),
  prepend_sys_path: often('["lib", "."]'),
  revision_environment: often("true", '"on"'),
  output_encoding: often('"latin-1"'),
});

type Options = Readonly<Record<string, string | undefined>>;

const lines = (options: Options): string =>
  Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${value}\n`]))
    .join("");

interface Config {
  readonly section: string;
  readonly ini: Options | undefined;
  readonly defaults: Options;
  readonly toml: Options | undefined;
  readonly hooks: string;
}

const config: fc.Arbitrary<Config> = fc.record({
  section: fc.constantFrom("alembic", "alembic", "billing"),
  ini: fc.option(iniOptions, { nil: undefined, freq: 5 }),
  defaults: fc.record({ script_location: often("m"), truncate_slug_length: often("20") }),
  toml: fc.option(tomlOptions, { nil: undefined, freq: 1 }),
  hooks: fc.constantFrom("", "[post_write_hooks]\n", "[post_write_hooks]\nhooks = black, ruff\nblack.type = exec\n"),
});

const textsOf = ({ section, ini, defaults, toml, hooks }: Config): Readonly<Record<string, string>> => ({
  ...(ini ? { "alembic.ini": `[DEFAULT]\n${lines(defaults)}[${section}]\n${lines(ini)}${hooks}` } : {}),
  ...(toml ? { "pyproject.toml": `[tool.alembic]\n${lines(toml)}` } : {}),
});

let folder = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "retort-configs-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  readonly error?: string;
  readonly url?: string | null;
}

test("a configuration gives the places, the files and the names that it gives Alembic, or a problem where Alembic stops", async () => {
  const configs = fc.sample(config, { numRuns: 400, seed: 20_260_329 }).filter(({ ini, toml }) => ini ?? toml);
  const roots = configs.map((_, i) => join(folder, String(i)));
  for (const [i, one] of configs.entries()) await writeProject(roots[i] ?? "", { ...tree, ...textsOf(one) });
  const answers = (await askProject(
    configs.map(({ section, ini, toml }, i): ProjectQuestion => {
      const root = roots[i] ?? "";
      const files = { ini: ini ? join(root, "alembic.ini") : null, toml: toml ? join(root, "pyproject.toml") : null };
      return ["project", { folder: root, section, ...files, milliseconds: now, messages }];
    }),
  )) as readonly Answer[];
  let refused = 0;
  for (const [i, one] of configs.entries()) {
    const project = await open(roots[i] ?? "", one.section);
    const answer = answers[i] ?? {};
    const told = project?.problems.filter(({ code }) => code === "config" || code === "missing-location") ?? [];
    const written = textsOf(one);
    if (answer.error !== undefined) {
      refused++;
      // A program may set what the config leaves out, and a package may be installed: a folder that is clearly meant is taken.
      const isLenient = project === undefined || /No 'script_location'|No module named/.test(answer.error);
      expect({ written, error: answer.error, isTold: isLenient || told.length > 0 }).toMatchObject({ isTold: true });
      continue;
    }
    const wrong = told.filter(({ code }) => code !== "missing-location");
    expect({ written, wrong, ...(project ? seen(project) : {}) }).toEqual({
      written,
      wrong: [],
      ...answer,
      ...(answer.url === placeholder ? { url: null } : {}),
    });
  }
  expect(refused).toBeGreaterThan(configs.length / 5);
  expect(refused).toBeLessThan((configs.length * 4) / 5);
});

async function open(root: string, section: string): Promise<Project | undefined> {
  const store = new ProjectStore(nodeFiles, memoryLog());
  await store.open([root], { loose: false });
  return store.snapshot().projects.find((one) => one.config.section === section && one.config.configFile);
}

function seen({ config: read, files }: Project): object {
  const createDate = momentAt(now, read.timezone);
  const siblings = [] as const;
  return {
    script: read.scriptLocation,
    locations: read.versionLocations,
    files: [...files.keys()],
    names: messages.map((message) => fileName(read, siblings, { revision: "abc123", message, createDate })),
    date: renderMoment(createDate),
    recursive: read.recursive,
    sourceless: read.sourceless,
    encoding: read.outputEncoding,
    environment: read.revisionEnvironment,
    hooks: read.postWriteHooks,
    url: read.url ?? null,
  };
}
