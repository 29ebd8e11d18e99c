import { renderProblemPage } from "../features/problem-page.ts";
import { renderRulePage } from "../features/rule-page.ts";
import { explainedProblems, findExplanation } from "../history/explained.ts";
import { rules } from "../rules/index.ts";
import { findNearest } from "../text/nearest.ts";
import { InputError, type Io } from "./io.ts";
import { renderPage } from "./terminal-page.ts";

/** Longer lines are hard to read. */
const widest = 100;

/** Of a rule, or of a problem that stops Alembic. @throws InputError where there is neither. */
export function explain(id: string, { columns = 80, colours }: Pick<Io, "columns" | "colours">): string {
  const rule = rules.find((one) => one.id === id);
  const problem = findExplanation(id);
  const page = rule ? renderRulePage(rule) : problem && renderProblemPage(problem);
  if (page !== undefined) return renderPage(page, { width: Math.min(columns, widest), colours });
  const near = findNearest(id, [...rules.map((one) => one.id), ...explainedProblems.map(({ code }) => code)]);
  const meant = near.length === 0 ? "docs/rules/README.md lists them" : `did you mean ${near.join(", ")}?`;
  throw new InputError(`there is no rule "${id}"; ${meant}`);
}
