import { describe, test } from "vitest";
import { headerMismatch as rule } from "../../server/src/rules/header-mismatch.ts";
import { allows, fixes, flags } from "../support/cases.ts";

const revision = (revises: string, parent: string, id = "0002"): string => `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
"""b

Revision ID: ${id}
Revises:${revises}

"""
revision = "0002"
down_revision = ${parent}
`;

describe("finds", () => {
  test("another parent", () =>
    flags(
      rule,
      revision(
        ` 0000
         ^^^^ information: The docstring says "Revises: 0000", and the variables say 0001.`,
        `"0001"`,
      ),
    ));
});

describe("repairs", () => {
  test.each([
    ["another parent", " 0000"],
    ["no parent", ""],
    ["no parent, and a space", " "],
  ])("%s", (_, revises) =>
    fixes(rule, revision(revises, `"0001"`), revision(" 0001", `"0001"`).split("-- versions/0002_b.py --\n")[1] ?? ""),
  );
});

describe("allows", () => {
  test.each([
    ["the right parent", revision(" 0001", `"0001"`)],
    ["a comma at the end", revision(" 0001,", `"0001"`)],
    [
      "None for a base",
      `-- versions/0001_b.py --\n"""b\n\nRevision ID: 0001\nRevises: None\n"""\nrevision = "0001"\ndown_revision = None\n`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
