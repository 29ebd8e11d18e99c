/** Whether values of one type may not fit another, and what then becomes of them. */
import type { ColumnType } from "../sql/definition.ts";

/** - `fails`: the first value that does not fit is an error. `rounds`, `cuts`: it is made to fit. `drops time`: of a date and time only the date stays. */
export type Narrowing = "fails" | "rounds" | "drops time";

interface Text {
  readonly kind: "text";
  readonly length: number;
}
interface Whole {
  readonly kind: "whole";
  /** Digits that it certainly holds. */
  readonly rank: number;
}
interface Exact {
  readonly kind: "exact";
  readonly before: number;
  readonly after: number;
}
interface Floating {
  readonly kind: "floating";
  readonly rank: number;
}
interface Time {
  readonly kind: "time";
  readonly hasTime: boolean;
  readonly digits: number;
}
interface Other {
  readonly kind: "other";
  readonly name: string;
}
type Shape = Text | Whole | Exact | Floating | Time | Other;

const wholes: Readonly<Record<string, number>> = {
  tinyint: 2,
  smallint: 4,
  mediumint: 6,
  int: 9,
  integer: 9,
  bigint: 18,
};

/** How many characters the text types of MySQL hold, in bytes of the narrowest character set. */
const texts: Readonly<Record<string, number>> = {
  text: Infinity,
  tinytext: 255,
  mediumtext: 16_777_215,
  longtext: Infinity,
  clob: Infinity,
};
const sized = new Set(["character varying", "character", "varchar", "char", "nvarchar", "nchar", "varchar2"]);
const exact = new Set(["numeric", "decimal"]);
const floats: Readonly<Record<string, number>> = { real: 1, float: 1, "double precision": 2, double: 2 };
const finest = 6;

/** Types that MySQL alone has; beside one of them TEXT is MySQL's, which ends where MEDIUMTEXT goes on. */
const mysqlTexts = new Set(["tinytext", "mediumtext", "longtext"]);
const mysqlText = 65_535;

function shapeOf(
  { name: given, arguments: args, dimensions, schema }: ColumnType,
  beside: ColumnType | undefined = undefined,
): Shape {
  const name = given.toLowerCase();
  const [first, second] = args.map(Number);
  const other: Other = { kind: "other", name };
  if (dimensions > 0 || schema !== undefined) return other;
  if (sized.has(name))
    return { kind: "text", length: first ?? (name.startsWith("char") && name !== "character varying" ? 1 : Infinity) };
  const isMysql = name === "text" && beside !== undefined && mysqlTexts.has(beside.name.toLowerCase());
  const text = isMysql ? mysqlText : texts[name];
  if (text !== undefined) return { kind: "text", length: text };
  const whole = wholes[name];
  if (whole !== undefined) return { kind: "whole", rank: whole };
  if (exact.has(name)) {
    if (first === undefined) return { kind: "exact", before: Infinity, after: Infinity };
    return { kind: "exact", before: first - (second ?? 0), after: second ?? 0 };
  }
  const float = floats[name];
  if (float !== undefined) return { kind: "floating", rank: float };
  if (name === "date") return { kind: "time", hasTime: false, digits: 0 };
  if (name.startsWith("timestamp") || name === "datetime")
    return { kind: "time", hasTime: true, digits: first ?? finest };
  return other;
}

/** Texts that are read as something else: the first that cannot be read is an error. */
const parsed = new Set(["boolean", "uuid", "json", "jsonb", "inet", "cidr", "interval"]);

/** Undefined where every value fits, or where that is not known. */
export function narrowing(from: ColumnType, to: ColumnType): Narrowing | undefined {
  const [a, b] = [shapeOf(from, to), shapeOf(to, from)];
  if (a.kind === "text") return fromText(a, b);
  if (a.kind === "whole") {
    if (b.kind === "whole") return b.rank < a.rank ? "fails" : undefined;
    return b.kind === "exact" && b.before < a.rank ? "fails" : undefined;
  }
  if (a.kind === "exact") return fromExact(a, b);
  if (a.kind === "floating") {
    if (b.kind === "floating") return b.rank < a.rank ? "rounds" : undefined;
    return b.kind === "whole" || (b.kind === "exact" && b.after !== Infinity) ? "rounds" : undefined;
  }
  if (a.kind === "time" && b.kind === "time") {
    if (a.hasTime && !b.hasTime) return "drops time";
    return b.hasTime && a.hasTime && b.digits < a.digits ? "rounds" : undefined;
  }
  return undefined;
}

function fromText(a: Text, b: Shape): Narrowing | undefined {
  if (b.kind === "text") return b.length < a.length ? "fails" : undefined;
  return b.kind !== "other" || parsed.has(b.name) ? "fails" : undefined;
}

function fromExact(a: Exact, b: Shape): Narrowing | undefined {
  if (b.kind === "exact") return b.before < a.before ? "fails" : b.after < a.after ? "rounds" : undefined;
  if (b.kind === "whole") return b.rank < a.before ? "fails" : a.after > 0 ? "rounds" : undefined;
  return b.kind === "floating" ? "rounds" : undefined;
}
