import { describe, expect, test } from "vitest";
import {
  definitionAt,
  definitionOfText,
  referencesAt,
  type Reference,
} from "../../server/src/features/revisions/links.ts";
import type { RevisionPlace } from "../../server/src/features/revisions/named.ts";
import { absolute, openFixture, relative } from "../support/project.ts";

async function placeIn(source: string): Promise<RevisionPlace> {
  const { project, fixture } = await openFixture(source, { broken: true });
  const { cursor } = fixture;
  const file = cursor && project.files.get(absolute(cursor.path));
  if (!file) throw new Error("the fixture has no cursor in a revision file");
  return { project, file, offset: cursor.offset };
}

/** `path:line text`. */
const shown = ({ file, range }: Reference): string =>
  `${relative(file.path)}:${String(file.text.slice(0, range.start).split("\n").length)} ${file.text.slice(range.start, range.end)}`;

async function definition(source: string): Promise<readonly string[]> {
  return (definitionAt(await placeIn(source))?.targets ?? []).map(shown);
}

async function references(source: string, withDeclaration = false): Promise<readonly string[]> {
  return referencesAt(await placeIn(source), withDeclaration).map(shown);
}

const file = (
  head: string,
  { docstring = "", revision, parent }: Record<string, string>,
): string => `-- versions/${head}.py --
"""${head}
${docstring}"""
revision = ${revision ?? ""}
down_revision = ${parent ?? "None"}
depends_on = None

def upgrade():
    pass
`;

const first = file("a1_first", { revision: '"a1"' });
const second = file("b2_second", { revision: '"b2"', parent: "'a1'" });

describe("go to definition", () => {
  test("leads from a parent to the id in its file", async () => {
    expect(await definition(first + file("b2_second", { revision: '"b2"', parent: '"a<|>1"' }))).toEqual([
      "versions/a1_first.py:3 a1",
    ]);
  });

  test("shows the docstring with the id", async () => {
    const found = definitionAt(await placeIn(first + file("b2_second", { revision: '"b2"', parent: '"a<|>1"' })));
    const [target] = found?.targets ?? [];
    expect(target?.file.text.slice(target.whole.start, target.whole.end)).toBe('"""a1_first\n"""\nrevision = "a1"');
  });

  test("leads from each parent of a merge to its own file", async () => {
    const merge = (parents: string): string => first + second + file("c3_merge", { revision: '"c3"', parent: parents });
    expect(await definition(merge('("a1", "b<|>2")'))).toEqual(["versions/b2_second.py:3 b2"]);
    expect(await definition(merge('("<|>a1", "b2")'))).toEqual(["versions/a1_first.py:3 a1"]);
  });

  test("leads from the docstring's line, and from an id that is worked out", async () => {
    const docstring = "\nRevision ID: b2\nRevises: a<|>1\n";
    expect(await definition(first + file("b2_second", { docstring, revision: '"b2"', parent: '"a1"' }))).toEqual([
      "versions/a1_first.py:3 a1",
    ]);
    expect(await definition(first + file("b2_second", { revision: '"b2"', parent: '"a" + <|>"1"' }))).toEqual([
      "versions/a1_first.py:3 a1",
    ]);
  });

  test("leads from a dependency by branch label to the file that gives the label", async () => {
    const labelled = first.replace("depends_on = None", 'branch_labels = ("lib",)');
    const dependent = second.replace("depends_on = None", 'depends_on = "l<|>ib"');
    expect(await definition(labelled + dependent)).toEqual(["versions/a1_first.py:3 a1"]);
  });

  test("shows both files of an id that is used twice, and of an own id its own", async () => {
    const twice = first + first.replace("a1_first", "a1_again");
    expect(await definition(twice + second.replace("'a1'", "'a<|>1'"))).toHaveLength(2);
    expect(await definition(first + first.replace("a1_first", "a1_again").replace('"a1"', '"a<|>1"'))).toEqual([
      "versions/a1_again.py:3 a1",
    ]);
  });

  test("leads nowhere from an id that no file has, and from other text", async () => {
    expect(await definition(second.replace("'a1'", "'a<|>1'"))).toEqual([]);
    expect(await definition(first.replace("pass", 'op.execute("a<|>1")'))).toEqual([]);
    expect(await definition(first.replace("def upgrade", "def up<|>grade"))).toEqual([]);
  });

  test("leads from what a script or a test hands to Alembic", async () => {
    const { project } = await placeIn(`${first.replaceAll("a1", "a1b2c3d4e5f6")}<|>`);
    const from = (text: string): readonly string[] => {
      const offset = text.indexOf("|");
      return (definitionOfText(text.replace("|", ""), offset, [project])?.targets ?? []).map(shown);
    };
    const there = ["versions/a1b2c3d4e5f6_first.py:3 a1b2c3d4e5f6"];
    expect(from('command.upgrade(config, "a1b2|c3d4e5f6")')).toEqual(there);
    expect(from('OLDEST = "a1b2|c3d4e5f6"')).toEqual(there);
    expect(from('command.upgrade(config, f"a1b2|c3d4{x}")')).toEqual([]);
    expect(from('command.upgrade(config, "he|ad")')).toEqual([]);
  });
});

describe("find references", () => {
  const merge = file("c3_merge", { docstring: "\nRevises: a1, b2\n", revision: '"c3"', parent: '("a1", "b2")' });

  test("lists where other revisions name one as parent or dependency", async () => {
    const dependent = file("d4_dependent", { revision: '"d4"' }).replace("depends_on = None", 'depends_on = ["a1"]');
    const source = first.replace('"a1"', '"a<|>1"') + second + merge + dependent;
    expect(await references(source)).toEqual([
      "versions/b2_second.py:4 a1",
      "versions/c3_merge.py:6 a1",
      "versions/d4_dependent.py:5 a1",
    ]);
    expect(await references(source, true)).toContain("versions/a1_first.py:3 a1");
  });

  test("lists the same from a place that names it", async () => {
    expect(await references(first + second.replace("'a1'", "'a<|>1'") + merge)).toEqual([
      "versions/b2_second.py:4 a1",
      "versions/c3_merge.py:6 a1",
    ]);
  });
});
