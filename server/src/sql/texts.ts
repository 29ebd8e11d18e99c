/** The string constants of an SQL text or expression, as their values. */
import type { Dialect } from "./action.ts";
import { scan } from "./scan.ts";

/** Without the prefix of an `E'…'`, whose escapes stay as they are written. */
const valueOf = (token: string): string => {
  const quote = token.indexOf("'");
  return token.slice(quote + 1, -1).replaceAll("''", "'");
};

export const textsIn = (sql: string | undefined, dialect: Dialect): readonly string[] =>
  sql === undefined
    ? []
    : scan(sql, dialect).flatMap(({ kind, start, end }) => {
        const token = sql.slice(start, end);
        return kind === "string" && token.endsWith("'") && token.length > 1 ? [valueOf(token)] : [];
      });
