import { expect, test } from "vitest";
import { parsePython } from "../../server/src/syntax/parser.ts";

test("the grammar parses Python after loadEngine", () => {
  const tree = parsePython("x = 1\n");
  expect(tree?.rootNode.type).toBe("module");
  tree?.delete();
});
