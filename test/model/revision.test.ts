import { describe, expect, test } from "vitest";
import { read } from "./reading.ts";

const slice = (text: string, range: { start: number; end: number } | undefined): string | undefined =>
  range && text.slice(range.start, range.end);

describe("identifiers", () => {
  test.each([
    [`revision = "a1"`, "a1"],
    [`revision: str = 'a1'`, "a1"],
    [`revision: Final[str] = "a1"`, "a1"],
    [`ID = "a1"\nrevision = ID`, "a1"],
    [`revision = ("a1")`, "a1"],
    [`revision = "a" "1"`, "a1"],
  ])("%s", (text, id) => {
    expect(read(text).identifiers.revision?.value).toBe(id);
  });

  test.each([
    [`down_revision = None`, []],
    [`down_revision = "p"`, ["p"]],
    [`down_revision = ("p", "q")`, ["p", "q"]],
    [`down_revision = ["p", "q"]`, ["p", "q"]],
    [`down_revision: str | None = "p"`, ["p"]],
    [`down_revision: Union[str, None] = "p"`, ["p"]],
    [`down_revision: Optional[str] = "p"`, ["p"]],
    [`down_revision: Union[str, Sequence[str], None] = ("p", "q")`, ["p", "q"]],
    [`down_revision: str | Sequence[str] | None = "p"`, ["p"]],
    [`down_revision: "str | None" = "p"`, ["p"]],
    [`down_revision = "p"  # comment`, ["p"]],
    [`down_revision = (\n    "p",\n    "q",\n)`, ["p", "q"]],
  ])("%s", (line, parents) => {
    const text = `revision = "a"\n${line}\n`;
    const { downRevision } = read(text).identifiers;
    expect(downRevision?.value).toEqual(parents);
    expect(slice(text, downRevision?.statement)).toBe(line.replace(/ {2}#.*/, ""));
  });

  test("the range of a value is its expression", () => {
    const text = `revision: str = "a"\ndown_revision: str | None = ("p", "q")\n`;
    const { revision, downRevision } = read(text).identifiers;
    expect(slice(text, revision?.range)).toBe(`"a"`);
    expect(slice(text, downRevision?.range)).toBe(`("p", "q")`);
  });

  test("labels and dependencies are lists, None being none", () => {
    const { identifiers } = read(`revision = "a"\nbranch_labels = ("x",)\ndepends_on = None\n`);
    expect(identifiers.branchLabels?.value).toEqual(["x"]);
    expect(identifiers.dependsOn?.value).toEqual([]);
  });

  test("a chained assignment gives its value to the first name", () => {
    expect(read(`revision = "a"\ndown_revision = depends_on = None\n`).identifiers.downRevision?.value).toEqual([]);
  });

  test("a value that cannot be told is absent", () => {
    expect(read(`from x import y\nrevision = "a"\ndown_revision = y()\n`).identifiers.downRevision).toBeUndefined();
  });
});

describe("a file without identifiers", () => {
  test("is no revision", () => {
    expect(read("def helper():\n    pass\n").isRevision).toBe(false);
    expect(read("def helper():\n    pass\n").problems).toEqual([]);
  });

  test("but with upgrade() has a problem", () => {
    expect(read("def upgrade():\n    pass\n").problems.map((problem) => problem.code)).toEqual(["no-revision"]);
  });
});

describe("the header", () => {
  const header = (newline: string): string =>
    [
      '"""Add a table',
      "",
      "Revision ID: abc",
      "Revises: def, ghi",
      "Create Date: 2024-01-15 10:00:00.000000",
      "",
      '"""',
      "",
    ].join(newline);

  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("gives values with their places (%s)", (_, newline) => {
    const text = header(newline);
    const { header: found, newline: detected } = read(text);
    expect(found?.message.value).toBe("Add a table");
    expect(slice(text, found?.message.range)).toBe("Add a table");
    expect(slice(text, found?.revisionId?.range)).toBe("abc");
    expect(slice(text, found?.revises?.range)).toBe("def, ghi");
    expect(slice(text, found?.createDate?.range)).toBe("2024-01-15 10:00:00.000000");
    expect(detected).toBe(newline);
  });

  test("lines that end with a carriage return alone are lines, as for Python", () => {
    const text = `${header("\n")}revision = "abc"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n`;
    const { problems, identifiers, upgrades } = read(text.replaceAll("\n", "\r"));
    expect(problems).toEqual([]);
    expect(identifiers.revision?.value).toBe("abc");
    expect(upgrades[0]?.form).toBe("pass");
  });

  test("an empty Revises has an empty range behind the colon", () => {
    const text = `"""Base\n\nRevision ID: a\nRevises: \nCreate Date: now\n"""\n`;
    const { header: found } = read(text);
    expect(found?.revises?.value).toBe("");
    expect(text.slice(0, found?.revises?.range.start)).toMatch(/Revises: $/);
  });

  test("labels are found whatever their case and spaces, and without a message", () => {
    const { header: found } = read(`"""\nRevision ID :  a\nrevises:b\n"""\n`);
    expect(found?.message.value).toBe("");
    expect(found?.revisionId?.value).toBe("a");
    expect(found?.revises?.value).toBe("b");
  });
});

describe("the module", () => {
  const text = `"""Doc"""
from __future__ import annotations
import os, sys as system  # noqa: F401
from alembic import op
from sqlalchemy import (
    Column,  # a comment
    Integer as Int,
)

# above
LIMIT = os.cpu_count()
revision = "a"


class Model:
    column = Column(Int)


def helper(x=LIMIT):
    return [y for y in x]


@decorate
def upgrade():
    helper()
    # the last word


if __name__ == "__main__":
    upgrade()
`;

  test("is divided into items whose lines cover the file", () => {
    const { module } = read(text);
    expect(module.map((item) => item.kind)).toEqual([
      "docstring",
      "import",
      "import",
      "import",
      "import",
      "constant",
      "identifier",
      "class",
      "function",
      "function",
      "main-guard",
    ]);
    expect(module.map((item) => slice(text, item.lines)).join("")).toBe(text);
  });

  test("tells what each item binds and uses", () => {
    const { module } = read(text);
    const item = (name: string) => module.find(({ binds }) => binds.includes(name));
    expect(item("LIMIT")?.uses).toEqual(["os"]);
    expect(item("Model")?.uses).toEqual(["Column", "Int"]);
    expect(item("helper")?.uses).toEqual(["LIMIT"]);
    expect(item("upgrade")?.uses).toEqual(["decorate", "helper"]);
    expect(item("upgrade") && slice(text, item("upgrade")?.lines)).toMatch(/# the last word\n$/);
  });

  test("gives each imported name its range, and keeps what may be there for its effect", () => {
    const { module } = read(text);
    const imports = module.filter((item) => item.kind === "import");
    expect(imports.map((item) => item.imported?.map((name) => [name.name, name.text]))).toEqual([
      [["annotations", "annotations"]],
      [
        ["os", "os"],
        ["system", "sys as system"],
      ],
      [["op", "op"]],
      [
        ["Column", "Column"],
        ["Int", "Integer as Int"],
      ],
    ]);
    expect(imports.map((item) => item.keep)).toEqual([true, true, false, false]);
  });

  test("comments to the reader are kept with their place", () => {
    const { comments } = read(
      `# retort: allow x because y\nrevision = "a"\ndef upgrade():\n    pass  # retort: allow z\n    # other\n`,
    );
    expect(comments.map((comment) => comment.text)).toEqual(["# retort: allow x because y", "# retort: allow z"]);
  });

  test("names the aliases of op and sqlalchemy", () => {
    expect(read("from alembic import op as o\nimport sqlalchemy\n").aliases).toEqual({ op: "o", sa: "sqlalchemy" });
    expect(read("from alembic.op import execute\n").aliases).toEqual({});
  });
});

describe("forms", () => {
  test.each([
    ["", "absent"],
    ["def upgrade():\n    pass\n", "pass"],
    ["def upgrade(): pass\n", "pass"],
    ["def upgrade():\n    ...\n", "pass"],
    [`def upgrade():\n    """Nothing."""\n`, "pass"],
    [`def upgrade():\n    # nothing\n    pass\n`, "pass"],
    [`def upgrade():\n    """No."""\n    raise NotImplementedError("no")\n`, "raise"],
    [`def upgrade():\n    return\n`, "body"],
    [`def upgrade():\n    print("x")\n`, "body"],
  ])("%j is %s", (text, form) => {
    expect(read(`revision = "a"\n${text}`).upgrades[0]?.form).toBe(form);
  });
});
