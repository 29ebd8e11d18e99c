/** Configs, names and histories as the real Alembic sees them. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildHistory } from "../../server/src/history/build.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import { iniValue, parseIni } from "../../server/src/project/ini.ts";
import { momentAt } from "../../server/src/project/moment.ts";
import { fileName } from "../../server/src/project/naming.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { sketch } from "../history/graph.ts";
import { memoryLog } from "../support/memory.ts";
import { askAlembic, type Question } from "./alembic.ts";

const sample = { numRuns: 300, seed: 20260304 } as const;
const date = momentAt(Date.UTC(2026, 2, 4, 5, 6, 7), undefined);

describe("ini files", () => {
  const piece = fc.constantFrom(
    "[alembic]",
    "[a]",
    "[DEFAULT]",
    "[x y] z",
    "a = 1",
    "A: 2",
    "b=",
    "b = %(a)s/%(HERE)s",
    "c = 100%",
    "c = %%x",
    "d",
    "= 1",
    "  indented",
    "\tmore = 1",
    "",
    "   ",
    "# note",
    "  ; note",
    "e = x # y",
    "[",
    "f = [g]",
    "  [h]",
    "g:=1",
    " = 2",
    ": x",
  );
  const text = fc
    .tuple(fc.constantFrom("", "[alembic]\n"), fc.array(piece, { maxLength: 9 }), fc.constantFrom("\n", "\r\n"))
    .map(([head, lines, end]) => head + lines.join(end));

  test("give the values that ConfigParser gives, and problems where it raises", async () => {
    const texts = fc.sample(text, { ...sample, numRuns: 900 });
    const answers = await askAlembic(texts.map((one): Question => ["ini", { text: one }]));
    texts.forEach((one, i) => {
      const ini = parseIni(one);
      expect({ text: one, values: ini.problems.length > 0 ? null : valuesOf(one) }).toEqual({
        text: one,
        values: answers[i],
      });
    });
  });
});

function valuesOf(text: string): unknown {
  const ini = parseIni(text);
  const value = (section: string, name: string): string | null => {
    const found = iniValue(ini, section, name, { here: "/srv/app" });
    return found !== undefined && "value" in found ? found.value : null;
  };
  return Object.fromEntries(
    [...ini.sections].map(([section, { options }]) => [
      section,
      Object.fromEntries(
        [...options.keys(), ...ini.defaults.keys()]
          .filter((name) => name !== "here")
          .map((name) => [name, value(section, name)]),
      ),
    ]),
  );
}

describe("file names", () => {
  const template = fc.constantFrom(
    "%(rev)s_%(slug)s",
    "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
    "%(epoch)s_%(rev)s",
    "%(year)d/%(month)02d/%(slug)s",
    "%(rev).4s-%(second)3d",
    "%(slug).10s_%%",
    "%(day)-4d%(rev)s",
    "%(hour)s",
  );
  const message = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."aB3_ -é變Ωßс٣²\u0301🜁𝒳"), maxLength: 60 }),
    fc.lorem({ maxCount: 14 }),
    fc.constantFrom("", "Café Ünïcode naïve", "a".repeat(60), "Don't; drop--table", "変更 テーブル", "__a__"),
  );

  test("are those of Alembic for any template, length and message", async () => {
    const cases = fc.sample(fc.tuple(template, fc.integer({ min: 1, max: 60 }), message), sample);
    const answers = await askAlembic(
      cases.map(([t, length, m]): Question => ["name", { template: t, length, revision: "ab12cd34ef56", message: m }]),
    );
    cases.forEach(([t, length, m], i) => {
      const config = { fileTemplate: t, fileTemplateIsDefault: false, truncateSlugLength: length };
      const name = fileName(config, [], { revision: "ab12cd34ef56", message: m, createDate: date });
      expect({ t, length, m, name }).toEqual({ t, length, m, name: answers[i] });
    });
  });
});

describe("histories", () => {
  const dag = fc.integer({ min: 1, max: 14 }).chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, i) => {
        const earlier = fc.integer({ min: 0, max: Math.max(0, i - 1) });
        return fc.record({
          down: fc.uniqueArray(earlier, { maxLength: i === 0 ? 0 : 3 }),
          dependsOn: fc.uniqueArray(earlier, { maxLength: i > 2 ? 1 : 0 }),
          shuffle: fc.nat(),
        });
      }),
    ),
  );
  const name = (i: number): string => `rev${i}`;

  test("have the heads, the bases and the order that Alembic finds", async () => {
    const graphs = fc.sample(dag, sample).map((nodes) =>
      nodes
        .map(({ down, dependsOn, shuffle }, i) => ({
          id: name(i),
          down: down.map(name),
          dependsOn: dependsOn.map(name),
          labels: [],
          shuffle,
        }))
        .sort((a, b) => a.shuffle - b.shuffle),
    );
    const answers = await askAlembic(graphs.map((revisions): Question => ["history", { revisions }]));
    graphs.forEach((revisions, i) => {
      const { heads, bases, order } = buildHistory(revisions.map(sketch));
      expect({ revisions, heads, bases, order: [...order].reverse() }).toEqual({
        revisions,
        ...(answers[i] as object),
      });
    });
  });

  test("have problems exactly where Alembic refuses them", async () => {
    const id = fc.integer({ min: 0, max: 5 }).map(name);
    const any = fc.uniqueArray(
      fc.record({
        id,
        down: fc.uniqueArray(id, { maxLength: 2 }),
        dependsOn: fc.uniqueArray(id, { maxLength: 1 }),
        labels: fc.uniqueArray(fc.constantFrom("l", "m"), { maxLength: 1 }),
      }),
      { maxLength: 5, selector: (one) => one.id },
    );
    const graphs = fc.sample(any, { ...sample, numRuns: 600 }).filter((revisions) => revisions.length > 0);
    const answers = await askAlembic(graphs.map((revisions): Question => ["history", { revisions }]));
    graphs.forEach((revisions, i) => {
      const refused = "error" in (answers[i] as object);
      expect({ revisions, refused: buildHistory(revisions.map(sketch)).problems.length > 0 }).toEqual({
        revisions,
        refused,
      });
    });
  });
});

const revision = (id: string, down?: string): string =>
  `"""Revision ${id}"""\nrevision = "${id}"\ndown_revision = ${down === undefined ? "None" : `"${down}"`}\n\n\ndef upgrade():\n    pass\n`;

interface Sample {
  readonly files: Readonly<Record<string, string>>;
  readonly section?: string;
  readonly ini?: string;
  readonly toml?: string;
}

const environment = "from alembic import context\n";
const samples: Readonly<Record<string, Sample>> = {
  "a plain project": {
    ini: "alembic.ini",
    files: {
      "alembic.ini":
        "[alembic]\nscript_location = %(here)s/alembic\npath_separator = os\nsqlalchemy.url = postgresql://u:p%%40@h/d\n",
      "alembic/env.py": environment,
      "alembic/versions/b.py": revision("bbb", "aaa"),
      "alembic/versions/a.py": revision("aaa"),
      "alembic/versions/__init__.py": "",
    },
  },
  "a location relative to where Alembic starts": {
    ini: "alembic.ini",
    files: {
      "alembic.ini": "[alembic]\nscript_location = db/../db/migrations/\n",
      "db/migrations/env.py": environment,
      "db/migrations/versions/a.py": revision("aaa"),
    },
  },
  "a package": {
    ini: "alembic.ini",
    files: {
      "alembic.ini": "[alembic]\nscript_location = app.db:migrations\nprepend_sys_path = .\n",
      "app/__init__.py": "",
      "app/db/__init__.py": "",
      "app/db/migrations/env.py": environment,
      "app/db/migrations/versions/a.py": revision("aaa"),
    },
  },
  "a package below prepend_sys_path": {
    ini: "alembic.ini",
    files: {
      "alembic.ini": "[alembic]\nscript_location = shop:migrations\nprepend_sys_path = lib\npath_separator = os\n",
      "lib/shop/__init__.py": "",
      "lib/shop/migrations/env.py": environment,
      "lib/shop/migrations/versions/a.py": revision("aaa"),
    },
  },
  "several locations, split at spaces": {
    ini: "alembic.ini",
    files: {
      "alembic.ini": "[alembic]\nscript_location = m\nversion_locations = %(here)s/one %(here)s/two,three\n",
      "m/env.py": environment,
      "one/a.py": revision("aaa"),
      "two/b.py": revision("bbb", "aaa"),
      "three/c.py": revision("ccc", "aaa"),
    },
  },
  "several locations, one a line": {
    ini: "alembic.ini",
    files: {
      "alembic.ini":
        "[alembic]\nscript_location = m\nversion_locations =\n  one\n  two\nversion_path_separator = newline\nfile_template = %%(year)d_%%(slug)s\ntruncate_slug_length = 12\n",
      "m/env.py": environment,
      "one/a.py": revision("aaa"),
      "two/b.py": revision("bbb", "aaa"),
    },
  },
  "several locations, split at colons, read in depth": {
    ini: "alembic.ini",
    files: {
      "alembic.ini":
        "[alembic]\nscript_location = m\nversion_locations = one:two\npath_separator = os\nrecursive_version_locations = true\n",
      "m/env.py": environment,
      "one/a.py": revision("aaa"),
      "two/x/b.py": revision("bbb", "aaa"),
      "two/x/y/c.py": revision("ccc", "bbb"),
    },
  },
  "a section of another name": {
    ini: "alembic.ini",
    section: "billing",
    files: {
      "alembic.ini":
        "[DEFAULT]\nfile_template = %%(rev)s\n[users]\nscript_location = users\n[billing]\nscript_location = billing\nsqlalchemy.url = sqlite://\n",
      "users/env.py": environment,
      "billing/env.py": environment,
      "billing/versions/a.py": revision("aaa"),
      "users/versions/b.py": revision("bbb"),
    },
  },
  "pyproject.toml alone": {
    toml: "pyproject.toml",
    files: {
      "pyproject.toml":
        '[tool.alembic]\nscript_location = "%(here)s/alembic"\nversion_locations = ["%(here)s/v1", "v2"]\nfile_template = "%%(epoch)s_%%(rev)s"\nrecursive_version_locations = true\ntruncate_slug_length = 7\n',
      "alembic/env.py": environment,
      "v1/a.py": revision("aaa"),
      "v2/deep/b.py": revision("bbb", "aaa"),
    },
  },
  "pyproject.toml beside an ini file": {
    ini: "alembic.ini",
    toml: "pyproject.toml",
    files: {
      "pyproject.toml": '[tool.alembic]\nscript_location = "elsewhere"\nfile_template = "%%(rev)s"\n',
      "alembic.ini": "[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///x.db\n",
      "alembic/env.py": environment,
      "alembic/versions/a.py": revision("aaa"),
      "elsewhere/env.py": environment,
    },
  },
};

describe("projects", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "retort-projects-")));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("are found and configured as Alembic does it", async () => {
    const entries = Object.entries(samples).map(([name, one], i) => ({ name, ...one, root: join(folder, String(i)) }));
    for (const { root, files } of entries) await write(root, files);
    const answers = await askAlembic(
      entries.map(({ root, section = "alembic", ini, toml }): Question => [
        "config",
        { folder: root, section, ini_file: ini ? join(root, ini) : null, toml_file: toml ? join(root, toml) : null },
      ]),
    );
    for (const [i, { name, root, section = "alembic" }] of entries.entries()) {
      const store = new ProjectStore(nodeFiles, memoryLog());
      await store.open([root]);
      const project = store.snapshot().projects.find((one) => one.config.section === section);
      expect({ name, ...(project ? seen(project) : {}) }).toEqual({ name, ...(answers[i] as object) });
    }
  });
});

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const seen = ({ config, history, problems }: Project): object => {
  expect(problems).toEqual([]);
  return {
    locations: config.versionLocations,
    script: config.scriptLocation,
    recursive: config.recursive,
    name: fileName(config, [], {
      revision: "abc123",
      message: "Add the User's full name, é and more of it all",
      createDate: date,
    }),
    url: config.url ?? null,
    heads: history.heads,
    bases: history.bases,
    order: [...history.order].reverse(),
  };
};
