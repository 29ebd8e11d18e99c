import { findNearest } from "../text/nearest.ts";
import { defineRule, type Found } from "./define.ts";
import { disallowance, type Suppression } from "./suppression.ts";

interface Unused extends Found {
  readonly suppression: Suppression;
  readonly id: string;
  readonly message: string;
}

export const unusedSuppression = defineRule({
  id: "unused-suppression",
  group: "correctness",
  severity: "information",
  recommended: true,
  tag: "unnecessary",
  summary: "A comment allows what no rule finds.",
  why: `Whoever reads the comment believes that something dangerous stands there and was thought over. Mostly the statement has changed, or the
name of the rule is misspelt; and a comment that stays behind will allow the next real finding of that rule without anybody having looked at it.`,
  instead: "Remove the comment, or the rule's name from it; or correct the name.",
  allowed: [
    "Comments about rules that are off for this file, or are for another dialect: with them on there may be something to allow.",
    "Comments in a file that cannot be read in part: what is not understood is not found either.",
  ],
  sources: ["https://eslint.org/docs/latest/use/configure/rules#report-unused-eslint-disable-comments"],
  options: {},
  examples: [
    {
      title: "The danger is gone",
      before: `# retort: allow mixed-schema-and-data because the table is tiny
op.add_column("users", sa.Column("full_name", sa.String(200)))
`,
      after: [`op.add_column("users", sa.Column("full_name", sa.String(200)))\n`],
    },
  ],
  catches: [
    {
      title: "A rule that there is not",
      code: `# retort: allow mixed-schema-and-dat because the table is tiny
op.add_column("users", sa.Column("full_name", sa.String(200)))
`,
    },
  ],
  passes: [
    {
      title: "A comment that allows a finding",
      code: `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data because the table is tiny
op.execute("UPDATE users SET full_name = 'x'")
`,
    },
  ],
  *audit(suppressions, { known, ran }): Iterable<Unused> {
    for (const { suppression, used } of suppressions) {
      for (const id of suppression.rules) {
        if (!known.includes(id)) {
          const near = findNearest(id, known).map((one) => `"${one}"`);
          const meant = near.length === 0 ? "." : `; did you mean ${near.join(" or ")}?`;
          yield { at: suppression.range, suppression, id, message: `There is no rule "${id}"${meant}` };
        } else if (ran.has(id) && !used.has(id) && id !== "unused-suppression") {
          yield {
            at: suppression.range,
            suppression,
            id,
            message: `This comment allows "${id}", which finds nothing here.`,
          };
        }
      }
    }
  },
  message: ({ message }) => message,
  repair: {
    safety: "safe",
    title: ({ id, suppression }) =>
      suppression.rules.length > 1 ? `Take "${id}" out of the comment` : "Remove the comment",
    edits: ({ id, suppression }, { file }) => [disallowance(file, suppression, id)],
  },
});
