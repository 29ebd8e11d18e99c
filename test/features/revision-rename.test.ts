import { describe, expect, test } from "vitest";
import { renamableAt, renameRevision } from "../../server/src/features/revisions/rename.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { absolute, openFixture, openTexts, relative } from "../support/project.ts";

const history = `-- versions/0001_users.py --
pass
-- versions/0002_roles.py --
"""roles

Revision ID: 0002
Revises: 0001
"""
revision = "00<|>02"
down_revision = "0001"
branch_labels = ("roles",)

def upgrade():
    pass
-- versions/0003_merge.py --
"""merge

Revision ID: 0003
Revises: 0001, 0002
"""
revision = "0003"
down_revision = ('0001', '0002')
-- versions/0004_dependent.py --
"""0002 goes first

Revises: 0003
"""
revision = "0004"
down_revision = "0003"
depends_on = ["0002", "roles"]
`;

interface Renamed {
  /** Every file afterwards, by its path afterwards. */
  readonly texts: ReadonlyMap<string, string>;
  readonly changed: readonly string[];
}

async function rename(
  source: string,
  to: string,
  published: readonly string[] = [],
): Promise<Renamed | string | undefined> {
  const { project, fixture, texts } = await openFixture(source, { broken: true });
  const { cursor } = fixture;
  const file = cursor && project.files.get(absolute(cursor.path));
  if (!file) throw new Error("the fixture has no cursor in a revision file");
  try {
    const found = renamableAt({ project, file, offset: cursor.offset }, (path) => published.includes(relative(path)));
    if (!found) return undefined;
    const { edit, move } = renameRevision(project, found.home, to);
    const after = new Map(texts);
    for (const { path, edits } of edit) after.set(path, applyEdits(texts.get(path) ?? "", edits));
    if (move) after.set(move.to, after.get(move.from) ?? "").delete(move.from);
    const renamed = new Map([...after].filter(([path]) => path.includes("/versions/")));
    return { texts: renamed, changed: [...edit.map(({ path }) => path), ...(move ? [move.to] : [])].map(relative) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("rename of a revision id", () => {
  test("writes the id into its file, into all that name it, into their docstrings and the file's name", async () => {
    const renamed = await rename(history, "r_2");
    if (typeof renamed !== "object") throw new Error(renamed);
    expect(renamed.changed).toEqual([
      "versions/0002_roles.py",
      "versions/0003_merge.py",
      "versions/0004_dependent.py",
      "versions/r_2_roles.py",
    ]);
    expect(renamed.texts.get(absolute("versions/r_2_roles.py"))).toContain(
      'Revision ID: r_2\nRevises: 0001\n"""\nrevision = "r_2"\ndown_revision = "0001"',
    );
    expect(renamed.texts.get(absolute("versions/0003_merge.py"))).toContain("Revises: 0001, r_2\n");
    expect(renamed.texts.get(absolute("versions/0003_merge.py"))).toContain("down_revision = ('0001', 'r_2')");
    const dependent = renamed.texts.get(absolute("versions/0004_dependent.py"));
    // A message and a label are other people's words.
    expect(dependent).toContain('"""0002 goes first\n');
    expect(dependent).toContain('depends_on = ["r_2", "roles"]');
  });

  test("leaves the history as it was but for the one id", async () => {
    const { project } = await openFixture(history, { broken: true });
    const renamed = await rename(history, "r_2");
    if (typeof renamed !== "object") throw new Error(renamed);
    const config = [absolute("alembic.ini"), "[alembic]\nscript_location = %(here)s\n"] as const;
    const after = await openTexts(new Map([config, [absolute("env.py"), ""], ...renamed.texts]));
    const now = (id: string): string => (id === "0002" ? "r_2" : id);
    expect(after.history.problems).toEqual([]);
    expect(after.history.order).toEqual(project.history.order.map(now));
    for (const { id, parents, dependsOn } of project.history.revisions.values())
      expect(after.history.revisions.get(now(id))).toMatchObject({
        parents: parents.map(now),
        dependsOn: dependsOn.map(now),
      });
  });

  test("works the same from a place that names it, and from a docstring", async () => {
    const fromOwn = await rename(history, "r_2");
    const unmarked = history.replace("<|>", "");
    expect(await rename(unmarked.replace("'0002'", "'00<|>02'"), "r_2")).toEqual(fromOwn);
    expect(await rename(unmarked.replace("Revises: 0001, 0002", "Revises: 0001, 00<|>02"), "r_2")).toEqual(fromOwn);
  });

  test("keeps the name of a file that is not named after its id", async () => {
    const named = history.replace("versions/0002_roles.py", "versions/roles.py");
    const renamed = await rename(named, "r_2");
    expect(renamed).toMatchObject({
      changed: ["versions/roles.py", "versions/0003_merge.py", "versions/0004_dependent.py"],
    });
  });

  test("does nothing elsewhere", async () => {
    expect(await rename(history.replace("<|>", "").replace('"roles",', '"ro<|>les",'), "x")).toBeUndefined();
    expect(await rename(history.replace("<|>", "").replace("def upgrade", "def up<|>grade"), "x")).toBeUndefined();
  });

  test.each([
    ["0003", '"0003" names another revision or branch already.'],
    ["roles", '"roles" names another revision or branch already.'],
    ["a-b", 'Alembic does not allow "-" in a revision id.'],
    ["a b", "An id is made of letters, digits, underscores and dots."],
    ['a"b', "An id is made of letters, digits, underscores and dots."],
    ["../x", "An id is made of letters, digits, underscores and dots."],
    ["", "A revision needs an id."],
    ["head", '"head" has a meaning of its own in Alembic.'],
    ["x".repeat(33), "The id has 33 characters; alembic_version.version_num holds 32."],
  ])("refuses the id %j", async (to, why) => {
    expect(await rename(history, to)).toBe(why);
  });

  test("refuses where databases elsewhere know the id, or it is not clear what is meant", async () => {
    expect(await rename(history, "x", ["versions/0002_roles.py"])).toMatch(/^"0002" is published: /);
    const other = '-- versions/other.py --\nrevision = "0002"\ndown_revision = None\n\ndef upgrade():\n    pass\n';
    expect(await rename(history + other, "x")).toMatch(/^Several files have the id "0002"/);
    const label = history.replace("<|>", "").replace('"0002", "roles"', '"0002", "ro<|>les"');
    expect(await rename(label, "x")).toBe('"roles" is a branch label of revision "0002", and no id.');
  });

  test("refuses where a file cannot be written for sure", async () => {
    const worked = history.replace("('0001', '0002')", "('0001', '00' + '02')");
    expect(await rename(worked, "x")).toMatch(/^0003_merge\.py does not write "0002" as a plain string/);
    const taken = '-- versions/x_roles.py --\nrevision = "other"\ndown_revision = None\n\ndef upgrade():\n    pass\n';
    expect(await rename(history + taken, "x")).toBe("There is a file x_roles.py already.");
    const broken = history.replace("def upgrade():\n    pass", "def upgrade():\n    op.execute((");
    expect(await rename(broken, "x")).toBe("A part of 0002_roles.py is not valid Python now.");
  });
});
