/** The page of a problem that stops Alembic, as Markdown: printed in `docs/rules`, and by `retort explain`. */
import type { Explanation } from "../history/explained.ts";

export const renderProblemPage = ({ code, summary, why, instead, sources }: Explanation): string => `# ${code}

${summary}

This is no rule: Alembic itself stops at it, so it is always an error, and nothing turns it off.

## Why

${why}

## Instead

${instead}

## Sources

${sources.map((source) => `- <${source}>\n`).join("")}`;
