/** Tests of the name of a dialect. */
import { isKnown } from "../syntax/text.ts";
import type { Value } from "../syntax/value.ts";
import { lastName } from "./values.ts";

export interface ComparedDialects {
  readonly dialects: readonly string[];
  readonly negated?: true;
}

/** `bind.dialect.name == "postgresql"`, `dialect in ("mysql", "mariadb")`, `"sqlite" in str(bind.engine.url)`. */
export function comparedDialects(operator: string, left: Value, right: Value): ComparedDialects | undefined {
  const names = isDialectName(left) ? constantNames(right) : isDialectName(right) ? constantNames(left) : undefined;
  if (!names) return undefined;
  if (["==", "in", "is"].includes(operator)) return { dialects: names };
  return ["!=", "<>", "not in", "is not"].includes(operator) ? { dialects: names, negated: true } : undefined;
}

function constantNames(value: Value): readonly string[] | undefined {
  if (isKnown(value)) return [dialectNamed(value.text)];
  if (value.kind !== "sequence" || !value.complete || !value.items.every(isKnown)) return undefined;
  return value.items.flatMap((item) => (item.kind === "text" ? [dialectNamed(item.text)] : []));
}

/** Also of `mysql+pymysql` and of the beginning of a URL. */
export const dialectNamed = (name: string): string =>
  /^postgres/i.test(name) ? "postgresql" : name.toLowerCase().replace(/[:+].*$/, "");

const dialectWords = new Set(["dialect", "dialect_description", "drivername", "db_type", "url", "__dialect__"]);

/** `….dialect.name`, `….engine.name`, `….dialect`, a database URL, its backend or driver name. */
export function isDialectName(value: Value): boolean {
  if (value.kind === "choice") return value.options.length > 0 && value.options.every(isDialectName);
  if (value.kind === "call") {
    const name = lastName(value.callee);
    const inner = value.callee.kind === "member" ? value.callee.of : value.args[0]?.value;
    if (name === "get_backend_name" || name === "get_dialect_name") return true;
    return inner !== undefined && (name === "str" || name === "lower" || name === "startswith") && isDialectName(inner);
  }
  const name = lastName(value);
  if (name !== undefined && dialectWords.has(name)) return value.kind !== "text";
  if (name !== "name") return false;
  const of =
    value.kind === "member"
      ? lastName(value.of)
      : value.kind === "reference"
        ? value.path.split(".").at(-2)
        : undefined;
  return (
    of === "dialect" || of === "engine" || of === "bind" || of === "get_bind" || of === "connection" || of === "impl"
  );
}
