/** What a test asks about, and so under what condition an operation runs. */
import type { Frame } from "../syntax/interpreter.ts";
import type { Within } from "../sql/action.ts";
import { isKnown } from "../syntax/text.ts";
import type { Range } from "../text/range.ts";
import type { Value } from "../syntax/value.ts";
import { questionsOf } from "./questions.ts";
import type { Role, RoleOf } from "./reading.ts";
import { catalogTestOf } from "./catalog-tests.ts";
import { comparedDialects, dialectNamed, isDialectName } from "./dialect-tests.ts";
import type { Context } from "./revision.ts";
import { anyWithin, lastName } from "./values.ts";

type Branch = Extract<Context, { kind: "branch" }>;
interface Asked extends Pick<Branch, "on" | "dialects" | "negated" | "runsOffline"> {
  /** There is more to the test: what it says of the dialect holds only where the test is true, or only where it is false. */
  readonly onlyIf?: boolean;
}

/** `undefined`: the frame says nothing about the operation (a session's `with`, a helper). */
export function contextOf(frame: Frame, roleOf: RoleOf): Context | undefined {
  const { range } = frame;
  switch (frame.kind) {
    case "branch": {
      const whole = ask(frame.test, roleOf, 0);
      const asked = whole.onlyIf === undefined || whole.onlyIf === !frame.negated ? whole : other;
      const negated = (asked.negated ?? false) !== frame.negated;
      const asks =
        asked.on === "existence" ? questionsOf(frame.test, roleOf, (test) => asksElse(test, roleOf)) : undefined;
      const test = asked.on === "existence" ? catalogTestOf(frame.test, roleOf) : undefined;
      return {
        kind: "branch",
        on: asked.on,
        ...(asked.dialects ? { dialects: asked.dialects } : {}),
        ...(negated ? { negated } : {}),
        ...(asks && { asks }),
        // Of `a and b` the else branch says nothing about either.
        ...(whole.runsOffline === undefined || frame.negated ? {} : { runsOffline: whole.runsOffline }),
        ...(test ? { catalog: { test, answer: !frame.negated } } : {}),
        range,
      };
    }
    case "loop":
      return { kind: "loop", over: loopedOver(frame, roleOf), range };
    case "try":
      return { kind: "try", range };
    case "with":
      if (roleOf(frame.value) === "batch") return { kind: "batch", range };
      return lastName(frame.value) === "autocommit_block" ? { kind: "autocommit", range } : undefined;
    case "helper":
      return undefined;
  }
}

/** A part of a test that says nothing of the schema, and is answered alike at any time. */
function asksElse(test: Value, roleOf: RoleOf): boolean {
  const { on } = ask(test, roleOf, 0);
  return on === "dialect" || on === "offline" || handles.includes(roleOf(test));
}

function loopedOver(
  { over, constant, endless, again }: Extract<Frame, { kind: "loop" }>,
  roleOf: RoleOf,
): Extract<Context, { kind: "loop" }>["over"] {
  if (endless || [over, again].some(asksForRows)) return "endless";
  if (constant) return "constant";
  if (!over) return "other";
  if (isDatabaseFree(over, roleOf)) return over.kind === "unknown" ? "other" : "constant";
  return anyWithin(over, (value) => ["result", "executable", "inspector"].includes(roleOf(value))) ? "query" : "other";
}

const fromDatabase: readonly Role[] = ["result", "inspector", "connection", "session"];

/** `while result.rowcount > 0`: as long as a statement finds rows. */
function asksForRows(test: Value | undefined): boolean {
  if (test?.kind === "operator" && test.operands.length === 2)
    return [">", "!=", ">="].includes(test.operator) && asksForRows(test.operands[0]);
  return test?.kind === "member" && test.name === "rowcount";
}

/** Built from constants only. */
const isDatabaseFree = (over: Value, roleOf: RoleOf): boolean =>
  !anyWithin(
    over,
    (value) =>
      value.kind === "unknown" ||
      value.kind === "call" ||
      value.kind === "member" ||
      fromDatabase.includes(roleOf(value)),
  );

const handles: readonly Role[] = ["connection", "session", "context", "op"];

const other: Asked = { on: "other" };

function ask(test: Value, roleOf: RoleOf, depth: number): Asked {
  if (depth > 20) return other;
  if (test.kind === "operator") {
    const [left, right] = test.operands;
    switch (test.operator) {
      case "not": {
        const inner = left ? ask(left, roleOf, depth + 1) : other;
        return {
          ...inner,
          negated: !(inner.negated ?? false),
          ...(inner.onlyIf === undefined ? {} : { onlyIf: !inner.onlyIf }),
        };
      }
      case "bool":
        return left ? ask(left, roleOf, depth + 1) : other;
      case "and":
      case "or":
        return combine(
          test.operator,
          // That there is a connection, `bind and bind.dialect.name == …`, goes without saying.
          test.operands
            .filter((operand) => !handles.includes(roleOf(operand)))
            .map((operand) => ask(operand, roleOf, depth + 1)),
        );
    }
    const compared = left && right ? comparedDialects(test.operator, left, right) : undefined;
    if (compared) return { on: "dialect", ...compared };
  }
  const dialect = askedDialect(test);
  if (dialect) return dialect;
  if (isOffline(test)) return { on: "offline" };
  if (asksExistence(test, roleOf)) return { on: "existence" };
  return other;
}

function combine(operator: string, parts: readonly Asked[]): Asked {
  const offline = operator === "and" ? parts.find((part) => part.on === "offline") : undefined;
  const asked = combineOthers(operator, parts);
  return offline === undefined || asked.on === "offline"
    ? asked
    : { ...asked, runsOffline: !(offline.negated ?? false) };
}

function combineOthers(operator: string, parts: readonly Asked[]): Asked {
  const existence = parts.find((part) => part.on === "existence");
  if (existence)
    return parts.length === 1 || parts.every((part) => part.on === "existence") ? existence : { on: "existence" };
  const dialect = parts.filter((part) => part.on === "dialect");
  const [first] = dialect;
  const isAnd = operator === "and";
  // `pg or mysql` and `not pg and not mysql` are one question; so is a question beside others that say nothing of the dialect.
  const together = dialect.every((part) => part.dialects && (part.negated ?? false) === isAnd);
  if (first && (dialect.length === 1 || together)) {
    const dialects = [...new Set(dialect.flatMap((part) => part.dialects ?? []))];
    const whole = dialect.length === 1 ? first : { ...first, dialects };
    return dialect.length === parts.length ? whole : { ...whole, onlyIf: isAnd };
  }
  return parts.find((part) => part.on === "offline") ?? other;
}

/** `isinstance(bind.dialect, PGDialect)`, `dialect.name.startswith("postgres")`, `is_sqlite(conn)`. */
function askedDialect(test: Value): Asked | undefined {
  if (test.kind !== "call") return undefined;
  const name = lastName(test.callee) ?? "";
  const [first, second] = test.args.map((arg) => arg.value);
  if (
    name === "startswith" &&
    test.callee.kind === "member" &&
    isDialectName(test.callee.of) &&
    first &&
    isKnown(first)
  ) {
    return { on: "dialect", dialects: [dialectNamed(first.text)] };
  }
  if (name === "isinstance" && first && second && isDialectName(first)) {
    const known = dialectNames.find(([pattern]) => pattern.test(second.kind === "reference" ? second.path : ""));
    return { on: "dialect", ...(known ? { dialects: [known[1]] } : {}) };
  }
  const asked = /^_?(?:is|using|has|on)_(sqlite|postgres(?:ql)?|mysql|mariadb|oracle|mssql)\w*$/i.exec(name)?.[1];
  return asked === undefined ? undefined : { on: "dialect", dialects: [dialectNamed(asked)] };
}

const dialectNames: readonly (readonly [RegExp, string])[] = [
  [/PG|postgres/i, "postgresql"],
  [/mysql/i, "mysql"],
  [/maria/i, "mariadb"],
  [/sqlite/i, "sqlite"],
  [/mssql|MSDialect/i, "mssql"],
  [/oracle/i, "oracle"],
];

const isOffline = (test: Value): boolean =>
  lastName(test.kind === "call" ? test.callee : test) === "is_offline_mode" ||
  (test.kind === "member" && test.name === "as_sql");

const existenceName =
  /exist|(?:^|_)(?:has|have)_(?:table|column|index|constraint|fk|type|enum|schema|sequence|view)|_has_(?:column|table|index|constraint|fk)|^get_(?:table_names|columns|indexes|foreign_keys|unique_constraints|check_constraints|pk_constraint|view_names|schema_names|enums)$/i;

const catalogs =
  /information_schema|pg_catalog|\bpg_(?:class|type|constraint|indexes|tables|attribute|enum|index|extension|namespace|proc|trigger)\b|sqlite_master|\bto_regclass\b|show\s+(?:tables|columns|index)|pragma/i;

const asksExistence = (test: Value, roleOf: RoleOf): boolean =>
  anyWithin(
    test,
    (value) =>
      roleOf(value) === "inspector" ||
      (value.kind === "call" && existenceName.test(lastName(value.callee) ?? "")) ||
      (value.kind === "member" && (value.name === "tables" || existenceName.test(value.name))) ||
      (value.kind === "text" && catalogs.test(value.text)),
  );

/** Tests and loops of SQL's own around a statement of a DO block are what those of Python are. */
export function contextWithin(within: Within, range: Range): Context {
  if (within === "try") return { kind: "try", range };
  if (within === "loop") return { kind: "loop", over: "other", range };
  return { kind: "branch", on: within === "existence" ? "existence" : "other", range };
}
