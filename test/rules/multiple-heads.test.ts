import { describe, expect, test } from "vitest";
import { multipleHeads as rule } from "../../server/src/rules/multiple-heads.ts";
import { allows, findsIn, flags } from "../support/cases.ts";

const two = (labels = "None", lines = ""): string => `-- versions/0001_a.py --
pass
-- versions/0002_b.py --
pass
-- versions/0003_c.py --
revision = "0003"
down_revision = "0001"
${lines}branch_labels = ${labels}
`;

describe("finds", () => {
  test("a second head, with both remedies", () =>
    flags(
      rule,
      two(
        "None",
        `                ^^^^^^ error: The history has 2 heads since 0001: 0002, 0003; "alembic upgrade head" refuses. If 0003 has run nowhere yet, let it follow 0002; else join them by "alembic merge heads".
`,
      ),
    ));

  test("each head after the first", async () => {
    const found = await findsIn(
      rule,
      `${two()}-- versions/0004_d.py --\nrevision = "0004"\ndown_revision = "0002"\n-- versions/0005_e.py --\nrevision = "0005"\ndown_revision = "0002"\n`,
    );
    expect(found.map((line) => line.slice(0, 18))).toEqual(["versions/0004_d.py", "versions/0005_e.py"]);
  });
});

describe("allows", () => {
  test.each([
    ["a label after the fork", two(`("plugin",)`)],
    ["one head", "-- versions/0001_a.py --\npass\n"],
    [
      "branches that a merge joins",
      `${two()}-- versions/0004_m.py --\nrevision = "0004"\ndown_revision = ("0002", "0003")\n`,
    ],
    [
      "another history",
      `-- versions/0001_a.py --\npass\n-- versions/0002_b.py --\nrevision = "0002"\ndown_revision = None\ndepends_on = "0001"\n`,
    ],
  ])("%s", (_, source) => allows(rule, source));
});
