import type { Finding } from "./check.ts";
import { rules } from "./index.ts";
import { publishedRevisionChanged } from "./published-revision-changed.ts";

const ofHistory = new Set(rules.filter(({ group }) => group === "history").map(({ id }) => id));

/**
 * What is told of old revisions, too: what Alembic itself stops at, which matters in the oldest as much as in the newest, and that
 * one of them was changed.
 */
export const countsInPast = ({ rule, severity }: Pick<Finding, "rule" | "severity">): boolean =>
  rule === publishedRevisionChanged.id || (severity === "error" && ofHistory.has(rule));
