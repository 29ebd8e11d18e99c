import { renderRulePage } from "../features/rule-page.ts";
import { rules } from "../rules/index.ts";
import { findNearest } from "../text/nearest.ts";
import { InputError, type Io } from "./io.ts";
import { renderPage } from "./terminal-page.ts";

/** Longer lines are hard to read. */
const widest = 100;

/** @throws InputError where there is no such rule. */
export function explain(id: string, { columns = 80, colours }: Pick<Io, "columns" | "colours">): string {
  const rule = rules.find((one) => one.id === id);
  if (rule !== undefined) return renderPage(renderRulePage(rule), { width: Math.min(columns, widest), colours });
  const near = findNearest(
    id,
    rules.map((one) => one.id),
  );
  const meant = near.length === 0 ? "docs/rules/README.md lists them" : `did you mean ${near.join(", ")}?`;
  throw new InputError(`there is no rule "${id}"; ${meant}`);
}
