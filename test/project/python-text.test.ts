import { describe, expect, test } from "vitest";
import { looksLikeRevision, revisionLinks } from "../../server/src/project/python-text.ts";

describe("a file that looks like a revision", () => {
  test.each([
    ['revision = "a"\ndown_revision = None\n', true],
    ['"""doc"""\nrevision: str = "a"\ndown_revision: str | None = None\n', true],
    ['revision = "a"\r\ndown_revision = "b"\r\n', true],
    ['def upgrade(:\n    op.f((\n\nrevision = "a"\ndown_revision = None\n', true],
    ['"""\nrevision = "a"\ndown_revision = None\n"""\n', false],
    ["x = f(\nrevision=1,\ndown_revision=2,\n)\n", false],
    ['# revision = "a"\n# down_revision = None\n', false],
    ["if revision == 1: pass\nrevision == 1\ndown_revision == 2\n", false],
    ['revision = "a"\n', false],
    ["revision_id = 1\ndown_revisions = 2\n", false],
    ["", false],
    ["\0\0revision", false],
  ])("%j: %s", (text, expected) => {
    expect(looksLikeRevision(text)).toBe(expected);
  });
});

describe("the links of a revision", () => {
  test.each([
    ['revision = "a"\ndown_revision = None\n', { id: "a", names: [] }],
    [
      "revision = 'a'\ndown_revision = (\n    'b',\n    'c',  # not 'd'\n)\ndepends_on = ['e']\n",
      { id: "a", names: ["b", "c", "e"] },
    ],
    ["revision: str = 'a'\ndown_revision: Union[str, None] = 'b'\n", { id: "a", names: ["b"] }],
    ["revision = make()\ndown_revision = 'b'\n", { id: undefined, names: ["b"] }],
    ["print()\n", { id: undefined, names: [] }],
  ])("%j are %j", (text, expected) => {
    expect(revisionLinks(text)).toEqual(expected);
  });
});
