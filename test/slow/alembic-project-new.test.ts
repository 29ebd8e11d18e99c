/** New files as the real Alembic writes them: their names, their text, and the formatting that makes the names. */
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../../server/src/host/files.ts";
import { momentAt } from "../../server/src/project/moment.ts";
import { newFilePath } from "../../server/src/project/naming.ts";
import { formatPercent } from "../../server/src/project/percent.ts";
import { renderRevision } from "../../server/src/project/revision-template.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { ProjectStore } from "../../server/src/project/store.ts";
import { memoryLog } from "../support/memory.ts";
import { askProject, type ProjectQuestion } from "./alembic-project.ts";

let folder = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "retort-new-files-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Wanted {
  readonly revision: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly branchLabels?: readonly string[];
  readonly dependsOn?: readonly string[];
}

/** Made one after the other; each is there when the next is made. */
const wanted: readonly Wanted[] = [
  { revision: "aaaaaaaaaaaa", message: 'Create user\'s "table"', parents: [] },
  { revision: "bbbbbbbbbbbb", message: "größer: 50 % \\ more", parents: ["aaaaaaaaaaaa"], branchLabels: ["left"] },
  { revision: "cccccccccccc", message: "other\nbranch", parents: ["aaaaaaaaaaaa"], dependsOn: ["bbbbbbbbbbbb"] },
  { revision: "dddddddddddd", message: "join them", parents: ["bbbbbbbbbbbb", "cccccccccccc"] },
];

const now = Date.UTC(2026, 9, 25, 0, 30, 15, 250);

const templates = ["generic", "async", "multidb", "pyproject", "pyproject_async"] as const;

/** Put in the place of an uncommented line of the section. */
const settings: Readonly<Record<string, string>> = {
  "as they come": "",
  "by day, in a time zone":
    "timezone = Europe/Berlin\nfile_template = %%(year)d/%%(month).2d/%%(day)02d_%%(rev)s_%%(slug)s\n",
  "by the second, in UTC": "timezone = utc\nfile_template = %%(epoch)s_%%(rev)s_%%(slug)s\ntruncate_slug_length = 9\n",
};

/** Templates of revisions as people change them. */
const ownTemplates: Readonly<Record<string, string>> = {
  "with a licence, and strings around what is repeated": `# Copyright \${create_date.year} us
## not kept
#
"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision}
Create Date: \${create_date.strftime("%Y-%m-%d %H:%M")}
%% percent \\
joined
"""
import sqlalchemy as sa
from alembic import op
\${imports if imports else ""}

revision = "\${up_revision}"
down_revision = \${repr(down_revision)}
% if branch_labels:
branch_labels = \${repr(branch_labels)}
% elif depends_on:
depends_on = \${repr(depends_on)}
% else:
# nothing
% endif

<%
    words = [word.upper() for word in ("a", "b")]
    indented = True
%>
% for word in words:
# \${word}: \${"yes" if indented else "no"} \${", ".join(words)} \${f"<{up_revision}>"} \${"{" + '}' + "|"}
% endfor
<%doc>
never seen \${nothing}
</%doc>
def upgrade():
    \${upgrades if upgrades else "pass"}
`,
};

async function open(root: string): Promise<Project> {
  const store = new ProjectStore(nodeFiles, memoryLog());
  await store.open([root]);
  const [project] = store.snapshot().projects;
  if (project === undefined) throw new Error(`there is no project in ${root}`);
  return project;
}

/** What would be written, of a project whose other files are there already. */
function predict(project: Project, { revision, message, parents, branchLabels = [], dependsOn = [] }: Wanted): object {
  const { config } = project;
  const createDate = momentAt(now, config.timezone);
  const [location = ""] = config.versionLocations;
  const origin = { path: join(location, "origin.py") };
  const path = newFilePath({ ...project, files: new Map() }, origin, { revision, message, createDate });
  const facts = { revision, message, parents, branchLabels, dependsOn, createDate, databases: config.databases };
  const text = renderRevision(config.template?.text ?? "", facts);
  return { path, text: "value" in text ? text.value : text };
}

const question = (root: string, { revision, message, parents, branchLabels, dependsOn }: Wanted): ProjectQuestion => [
  "revise",
  {
    folder: root,
    milliseconds: now,
    options: {
      message,
      rev_id: revision,
      ...(parents.length > 0 ? { head: parents, splice: true } : {}),
      ...(branchLabels ? { branch_label: branchLabels } : {}),
      ...(dependsOn ? { depends_on: dependsOn } : {}),
    },
  },
];

describe("new files are named and written as Alembic does it", () => {
  const cases = [
    ...templates.flatMap((template) => Object.keys(settings).map((setting) => ({ template, setting, own: "" }))),
    ...Object.keys(ownTemplates).map((own) => ({ template: "generic", setting: "as they come", own })),
  ] as const;

  test("by every template that it comes with, and by people's own", async () => {
    const roots = cases.map((_, i) => join(folder, `new${i}`));
    await askProject(cases.map(({ template }, i): ProjectQuestion => ["init", { folder: roots[i], template }]));
    const predicted: object[] = [];
    for (const [i, { template, setting, own }] of cases.entries()) {
      const root = roots[i] ?? "";
      await configure(root, template, settings[setting] ?? "");
      if (own !== "") await writeFile(join(root, "migrations", "script.py.mako"), ownTemplates[own] ?? "");
      const project = await open(root);
      expect(project.problems).toEqual([]);
      predicted.push(...wanted.map((one) => ({ template, setting, own, ...predict(project, one) })));
    }
    const answers = await askProject(roots.flatMap((root) => wanted.map((one) => question(root, one))));
    const written = predicted.map((one, i) => ({ ...one, ...(answers[i] as object) }));
    expect(predicted).toEqual(written);
  });
});

/** Where the options are depends on the template: those of the pyproject ones are read from the ini file as well. */
async function configure(root: string, template: string, options: string): Promise<void> {
  const path = join(root, "alembic.ini");
  const text = await readFile(path, "utf8");
  const recursive = "recursive_version_locations = true\n";
  await writeFile(path, text.replace("[alembic]\n", `[alembic]\n${recursive}${options}`));
  if (template !== "multidb") return;
  const given = await readFile(path, "utf8");
  await writeFile(path, given.replace(/^databases = .*$/m, "databases = users,  billing"));
}

describe("formatting with %", () => {
  const piece = fc.oneof(
    fc.constantFrom("%%", "%", "a", "(", ")", "é", "%(n)d", "%(s)s", "%(gone)s", "%(n"),
    fc
      .tuple(
        fc.constantFrom("n", "m", "s", "a(b)"),
        fc.string({ unit: fc.constantFrom("-", "+", " ", "#", "0"), maxLength: 2 }),
        fc.constantFrom("", "1", "7"),
        fc.constantFrom("", ".", ".0", ".3"),
        fc.constantFrom("", "l"),
        fc.constantFrom("s", "d", "i", "u", "x", "X", "o", "r", "a", "c", "%", "q", ""),
      )
      .map(([key, flags, width, precision, size, type]) => `%(${key})${flags}${width}${precision}${size}${type}`),
  );
  const values = { n: 65, m: -42, s: "é'z\u200b\n\"", "a(b)": "P" };

  test("gives what Python gives, and a cause where Python raises", async () => {
    const all = fc
      .sample(fc.array(piece, { maxLength: 4 }), { numRuns: 1500, seed: 20_261_025 })
      .map((one) => one.join(""));
    const answers = await askProject(all.map((template): ProjectQuestion => ["percent", { template, values }]));
    all.forEach((template, i) => {
      const answer = answers[i] as { readonly value?: string };
      // Without a name Python formats all values at once, which no file name is meant to show.
      if (answer.value?.includes("{'n': ")) return;
      const formatted = formatPercent(template, values);
      const seen = "value" in formatted ? { value: formatted.value } : {};
      expect({ template, ...seen }).toEqual({ template, ...("value" in answer ? { value: answer.value } : {}) });
    });
  });
});
