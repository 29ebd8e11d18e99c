import { defineRule } from "./define.ts";

/** A row of dots, or the page's own `<reason>`, is what stands there before somebody has written something. */
const isReason = (text: string): boolean => /[\p{L}\p{N}]/u.test(text) && text.trim() !== "<reason>";

export const suppressionWithoutReason = defineRule({
  id: "suppression-without-reason",
  group: "correctness",
  severity: "information",
  recommended: true,
  summary: "A comment allows a finding and does not say why.",
  why: `Whether the danger is real depends on what the file does not show: how large the table is, who uses it, when the migration runs. Without
the reason nobody can tell later whether it still holds, and the comment is copied to places where it never did.`,
  instead: "Write the reason behind `because`: `# retort: allow RULE because the table has twelve rows`.",
  sources: ["https://eslint.org/docs/latest/use/configure/rules#comment-descriptions"],
  options: {},
  examples: [
    {
      title: "The reason is missing",
      before: `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data
op.execute("UPDATE users SET full_name = 'x'")
`,
      after: [
        `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data because the table has twelve rows
op.execute("UPDATE users SET full_name = 'x'")
`,
      ],
    },
  ],
  catches: [
    {
      title: "A reason that was never written",
      code: `op.drop_column("users", "name")
# retort: allow mixed-schema-and-data because …
op.execute("UPDATE users SET full_name = 'x'")
`,
    },
  ],
  *audit(suppressions) {
    for (const { suppression } of suppressions) if (!isReason(suppression.reason)) yield { at: suppression.range };
  },
  message: () => "This comment does not say why it allows what it allows: write `because` and the reason.",
});
