import type { Finding } from "./check.ts";
import { rules } from "./index.ts";

const ofHistory = new Set(rules.filter(({ group }) => group === "history").map(({ id }) => id));

/** What Alembic itself stops at: it matters in the oldest revision as much as in the newest. */
export const isHistoryError = ({ rule, severity }: Pick<Finding, "rule" | "severity">): boolean =>
  severity === "error" && ofHistory.has(rule);
