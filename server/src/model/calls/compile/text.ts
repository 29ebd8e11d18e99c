/** What stands in `text("…")`. */
import { atom, type Piece } from "./piece.ts";

/** SQLAlchemy's own patterns of a parameter in `text()`, and of a colon that is none. */
const parameter = /(?<![:\w\\]):(\w+)(?!:)/g;
const escaped = /\\(:[\w$]*)(?![\w$])/g;

const none: ReadonlyMap<string, string | undefined> = new Map();

/** The SQL of `text("…")`, unless it waits for a value that is not known. */
export function readText(sql: string, values = none): Piece | undefined {
  const names = [...sql.matchAll(parameter)].map(([, name]) => name ?? "");
  if (names.some((name) => values.get(name) === undefined)) return undefined;
  const bound = sql.replaceAll(parameter, (_, name: string) => values.get(name) ?? "");
  return atom(bound.replaceAll(escaped, "$1"));
}
