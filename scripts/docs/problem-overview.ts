import type { Explanation } from "../../server/src/history/explained.ts";

export const renderProblemOverview = (problems: readonly Explanation[]): string => `
## What stops Alembic

These are no rules. They are always errors, and nothing turns them off.

| problem | is |
|---|---|
${problems.map(({ code, summary }) => `| [\`${code}\`](${code}.md) | ${summary} |\n`).join("")}`;
