import type { SqlExpression } from "./definition.ts";
import { nameOf, scan } from "./scan.ts";

/** Whether the expression has the name somewhere, or is not known. */
export function mentionsName(expression: SqlExpression | undefined, name: string): boolean {
  if (expression === undefined) return false;
  const { sql } = expression;
  return (
    sql === undefined ||
    scan(sql, "postgresql").some(
      (token) => (token.kind === "word" || token.kind === "quoted") && nameOf(token, sql, "postgresql") === name,
    )
  );
}
