import { describe, expect, test } from "vitest";
import { parseSuppression, readSuppressions } from "../../server/src/rules/suppression.ts";
import { absolute, openFixture } from "../support/project.ts";

describe("the comment", () => {
  test.each([
    ["# retort: allow a-b because it is small", { rules: ["a-b"], reason: "it is small" }],
    ["#retort:allow a-b,c  because x", { rules: ["a-b", "c"], reason: "x" }],
    ["# retort: allow a-b", { rules: ["a-b"], reason: "" }],
    ["# retort: allow a-b because", { rules: ["a-b"], reason: "" }],
    ["# noqa  # retort: allow a-b because x", { rules: ["a-b"], reason: "x" }],
  ])("%s", (comment, expected) => {
    expect(parseSuppression(comment)).toEqual(expected);
  });

  test.each([
    "# retort",
    "# allow a-b because x",
    "# retort: allow",
    "# retort: allow A because x",
    "# retort: forbid a-b",
  ])("%s is another comment", (comment) => {
    expect(parseSuppression(comment)).toBeUndefined();
  });
});

/** Whether the rule is allowed at the word `here` of the only revision. */
async function isAllowed(source: string, rule = "a-b"): Promise<boolean> {
  const { project } = await openFixture(source);
  const file = project.files.get(absolute("versions/0001_case.py"));
  if (file === undefined) throw new Error("no file");
  const start = file.text.indexOf("here");
  return readSuppressions(file)(rule, { start, end: start + 4 }).length > 0;
}

describe("counts", () => {
  const comment = "# retort: allow a-b because x";

  test.each([
    ["on the line", `op.execute("here")  ${comment}\n`],
    ["above the line", `${comment}\nop.execute("here")\n`],
    ["above the line, with other comments between", `${comment}\n# backfill\nop.execute("here")\n`],
    [
      "above the statement, though the place is on a later line",
      `${comment}\nop.execute(\n    sa.text(\n        "here"\n    )\n)\n`,
    ],
    ["on the first line of the statement", `op.execute(  ${comment}\n    "here"\n)\n`],
    [
      "above a statement of a helper",
      `-- versions/0001_case.py --
from alembic import op
revision = "1"
down_revision = None


def swap():
    with op.get_context().autocommit_block():
        print(1)
        ${comment}
        op.execute(
            "UPDATE"
            " here"
        )


def upgrade():
    swap()
`,
    ],
    ["within a block", `if True:\n    ${comment}\n    op.execute("here")\n`],
  ])("%s", async (_, source) => {
    expect(await isAllowed(source)).toBe(true);
  });

  test("above the file's first statement, for all of the file", async () => {
    const file = `${comment}\nfrom alembic import op\nrevision = "1"\ndown_revision = None\n\ndef upgrade():\n    op.execute("here")\n`;
    expect(await isAllowed(file)).toBe(true);
    expect(await isAllowed(`"""A message.\n"""\n${file}`)).toBe(true);
  });
});

describe("does not count", () => {
  const comment = "# retort: allow a-b because x";

  test.each([
    ["below", `op.execute("here")\n${comment}\n`],
    ["above another statement", `${comment}\nop.execute("other")\nop.execute("here")\n`],
    ["above a block for what is in it", `${comment}\nif True:\n    op.execute("here")\n`],
    ["within a string", `op.execute("here ${comment}")\n`],
    ["after the imports for the file", `${comment}\nx = 1\nop.execute("here")\n`],
  ])("%s", async (_, source) => {
    expect(await isAllowed(source)).toBe(false);
  });

  test("for another rule", async () => {
    expect(await isAllowed(`${comment}\nop.execute("here")\n`, "c-d")).toBe(false);
  });
});
