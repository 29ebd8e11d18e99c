import { describe, expect, test } from "vitest";
import { renderRulePage } from "../../server/src/features/rule-page.ts";
import { defineRule, type Rule } from "../../server/src/rules/define.ts";

const rule = (samples: Pick<Rule, "catches" | "passes">): Rule => ({
  ...defineRule({
    id: "big-table",
    group: "locking",
    severity: "warning",
    recommended: true,
    summary: "A table is big.",
    why: "Big tables are slow.",
    instead: "Make it small.",
    sources: [],
    options: {},
    examples: [],
    detect: () => [],
    message: () => "",
  }),
  ...samples,
});

describe("the page of a rule", () => {
  test("shows a sample that is a body as upgrade()", () => {
    const page = renderRulePage(rule({ catches: [{ title: "A drop", code: `\nif True:\n    op.drop_table("a")\n` }] }));
    expect(page).toContain(`## Will catch

A drop:

\`\`\`python
def upgrade() -> None:
    if True:
        op.drop_table("a")
\`\`\`
`);
    expect(page).not.toContain("## Will not catch");
  });

  test("shows functions and files as they stand, and the dialect that a sample is for", () => {
    const code = `-- versions/0001_a.py --
op.create_table("a")
-- versions/0002_b.py --
def downgrade() -> None:
    op.drop_table("a")
`;
    const page = renderRulePage(rule({ passes: [{ title: "Two files", code, dialect: "mysql" }] }));
    expect(page).toContain(`## Will not catch

Two files (mysql):

\`\`\`python
# versions/0001_a.py
op.create_table("a")
# versions/0002_b.py
def downgrade() -> None:
    op.drop_table("a")
\`\`\`
`);
  });
});
