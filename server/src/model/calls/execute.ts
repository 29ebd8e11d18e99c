/** What is handed to an `execute`: SQL in a string, a construct of SQLAlchemy, or several of them. */
import type { Dialect } from "../../sql/action.ts";
import { percent } from "../../syntax/templates.ts";
import type { Call, Value } from "../../syntax/value.ts";
import { bind } from "./arguments.ts";
import type { Draft } from "../reading.ts";
import { readCore } from "./core.ts";
import { draft, opaque, type Place } from "./draft.ts";
import { readDefinition } from "./created/index.ts";
import { numberOfRows } from "./directives/rows.ts";
import { readSqlText } from "./sql-text.ts";
import { readIteration } from "./objects.ts";
import { built, calleeOf, isNone, isText, whyUnknown } from "./terms.ts";

export interface Executed {
  /** The first argument. */
  readonly statement: Value | undefined;
  /** The parameters, where they are given: rows of an INSERT. */
  readonly parameters?: Value | undefined;
}

/** Drafts of all that is executed. What cannot be told is one opaque draft. */
export function readExecuted(executed: Executed, place: Place, dialect: Dialect): readonly Draft[] {
  const found = readStatementValue(executed, place, dialect, 12);
  return (
    found ?? [draft(opaque("unknown", whyUnknown(executed.statement, "the statement")), { ...place, via: "python" })]
  );
}

/** `undefined`: the value is not understood as a statement. */
export function readStatementValue(
  executed: Executed,
  place: Place,
  dialect: Dialect,
  depth: number,
): readonly Draft[] | undefined {
  const { statement, parameters } = executed;
  if (statement === undefined || depth === 0) return undefined;
  if (statement.kind === "text") {
    const drafts = readSqlText(statement, place, dialect);
    return parameters === undefined ? drafts : drafts.map((one) => repeated(one, numberOfRows(parameters)));
  }
  if (statement.kind === "choice")
    return each(
      statement.options.filter((option) => !isNone(option)),
      parameters,
      place,
      dialect,
      depth,
    );
  if (statement.kind === "sequence") {
    const items = each(statement.items, parameters, place, dialect, depth);
    return statement.complete || items === undefined
      ? items
      : [...items, draft(opaque("unknown", "more statements may be in the list"), place)];
  }
  if (statement.kind === "call") {
    const sketches = readDefinition(statement, dialect) ?? readCore(statement, parameters, dialect);
    if (sketches) return sketches.map((sketch) => draft(sketch, { ...place, via: "core" }));
    const query = readIteration(statement, dialect);
    if (query) return query.drafts.map((one) => ({ ...one, range: place.range, nameRange: place.nameRange }));
    const inner = unwrapped(statement);
    if (inner) return readStatementValue({ statement: inner, parameters }, place, dialect, depth - 1);
  }
  return undefined;
}

/** An INSERT runs once for each row of the parameters. */
function repeated(one: Draft, times: number | undefined): Draft {
  const { rows, ...details } = one.details;
  if (rows === undefined) return one;
  return { ...one, details: times === undefined ? details : { ...details, rows: rows * times } };
}

function each(
  values: readonly Value[],
  parameters: Value | undefined,
  place: Place,
  dialect: Dialect,
  depth: number,
): readonly Draft[] | undefined {
  const all = values.flatMap(
    (statement) =>
      readStatementValue({ statement, parameters }, place, dialect, depth - 1) ?? [
        draft(opaque("unknown", whyUnknown(statement, "the statement")), place),
      ],
  );
  return all.length > 0 ? all : undefined;
}

/** Methods of a statement that leave what it does as it is. */
const neutral = new Set([
  "bindparams",
  "columns",
  "execution_options",
  "compile",
  "params",
  "strip",
  "lstrip",
  "rstrip",
  "as_string",
  "with_hint",
  "self_group",
]);

/** `DDL("DROP TABLE %(name)s", context={"name": "x"})` is filled in as Python's `%` does it, `%%` included. */
function withContext(statement: Value, ddl: Call): Value {
  if (!isText(statement) || !statement.text.includes("%")) return statement;
  const context = bind(ddl.args, ["statement", "context"]).get("context");
  const nothing: Value = { kind: "mapping", entries: [], complete: true, range: ddl.range };
  return percent(statement, context ?? nothing, statement.range);
}

/** The string inside `sa.text(…)`, `sa.DDL(…)`, `str(…)` and behind methods that keep its meaning. */
function unwrapped(value: Value): Value | undefined {
  if (value.kind !== "call") return undefined;
  const callee = calleeOf(value);
  const first = value.args.find(
    (argument) => argument.name === undefined || argument.name === "text" || argument.name === "statement",
  )?.value;
  if (built(value) === "DDL") return first && withContext(first, value);
  if (
    built(value) === "text" ||
    (value.callee.kind === "reference" && /(?:^|\.)(?:text|DDL|str)$/.test(value.callee.path))
  )
    return first;
  return callee?.receiver && neutral.has(callee.name) ? callee.receiver : undefined;
}
