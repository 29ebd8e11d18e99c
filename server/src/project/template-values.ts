/** What the Python in a template of revisions comes to, where only Alembic knows it: the date, options, helpers. */
import { truthOf } from "../syntax/operators.ts";
import { derivedText, isKnown } from "../syntax/text.ts";
import { HOLE, type Call, type Operator, type Text, type Value } from "../syntax/value.ts";
import { renderMoment, type Moment } from "./moment.ts";
import { renderRepr } from "./repr.ts";
import type { NewRevisionFacts } from "./revision-template.ts";

const nowhere = { start: 0, end: 0 };

export function toValue(value: string | number | null | readonly string[]): Value {
  if (typeof value === "string") return derivedText(value, nowhere);
  if (value === null || typeof value === "number") return { kind: "scalar", value, range: nowhere };
  const items = value.map((item) => derivedText(item, nowhere));
  return { kind: "sequence", type: "tuple", items, complete: true, range: nowhere };
}

/** Python's `str()`; undefined where the value is not known. */
export function renderText(value: Value): string | undefined {
  return isKnown(value) ? value.text : renderAsCode(value);
}

/** Python's `repr()`. */
function renderAsCode(value: Value): string | undefined {
  if (isKnown(value)) return renderRepr(value.text);
  if (value.kind === "scalar") {
    if (value.value === null) return "None";
    return typeof value.value === "boolean" ? (value.value ? "True" : "False") : String(value.value);
  }
  if (value.kind !== "sequence" || !value.complete || value.type === "set") return undefined;
  const items = value.items.map(renderAsCode);
  if (!items.every((item) => item !== undefined)) return undefined;
  if (value.type === "list") return `[${items.join(", ")}]`;
  return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
}

/** Puts what Alembic knows in the place of the references and calls that stand for it. */
export function createAnswers(facts: NewRevisionFacts): (value: Value) => Value {
  const settle = (value: Value): Value => {
    switch (value.kind) {
      case "reference":
        return ofDate(value.path, facts.createDate) ?? value;
      case "call":
        return (
          answer({ ...value, args: value.args.map((arg) => ({ ...arg, value: settle(arg.value) })) }, facts) ?? value
        );
      case "text":
        return fill(value, settle);
      case "operator":
        return decide(value, settle);
      case "sequence":
        return { ...value, items: value.items.map(settle) };
      default:
        return value;
    }
  };
  return settle;
}

function fill(text: Text, settle: (value: Value) => Value): Value {
  if (text.holes.length === 0) return text;
  const parts = text.holes.map(({ value }) => renderText(settle(value)));
  if (!parts.every((part) => part !== undefined)) return text;
  let i = 0;
  return derivedText(
    text.text.replaceAll(HOLE, () => parts[i++] ?? ""),
    text.range,
  );
}

function decide(value: Operator, settle: (value: Value) => Value): Value {
  const [left, right] = value.operands.map(settle);
  const truth = left && truthOf(left);
  if (left === undefined || truth === undefined) return value;
  if (value.operator === "or") return truth ? left : (right ?? value);
  return value.operator === "and" ? (truth ? (right ?? value) : left) : value;
}

function ofDate(path: string, date: Moment): Value | undefined {
  if (path === "create_date") return toValue(renderMoment(date));
  const parts: Readonly<Record<string, number>> = {
    "create_date.year": date.year,
    "create_date.month": date.month,
    "create_date.day": date.day,
    "create_date.hour": date.hour,
    "create_date.minute": date.minute,
    "create_date.second": date.second,
    "create_date.microsecond": date.microsecond,
  };
  const part = Object.hasOwn(parts, path) ? parts[path] : undefined;
  return part === undefined ? undefined : toValue(part);
}

function answer({ callee, args }: Call, facts: NewRevisionFacts): Value | undefined {
  if (callee.kind !== "reference") return undefined;
  const [first, second] = args.map(({ value }) => value);
  const known = isKnown(first) ? first.text : undefined;
  switch (callee.path) {
    case "builtins.repr":
      return first && asText(renderAsCode(first));
    case "builtins.str":
      return first && asText(renderText(first));
    case "config.get_main_option":
    case "config.get_alembic_option":
      // Of the other options nothing is known here, not even whether they are given.
      return known === "databases" && facts.databases.length > 0 ? toValue(facts.databases.join(",")) : undefined;
    case "context.get":
      // Only autogenerate puts more into the context than the names that are known here.
      return known?.endsWith("grades") ? (second ?? toValue(null)) : undefined;
    case "re.split":
      return known !== undefined && isKnown(second) ? splitBy(known, second.text) : undefined;
    case "create_date.strftime":
      return known === undefined ? undefined : asText(formatDate(known, facts.createDate));
    case "create_date.date":
      return asText(formatDate("%Y-%m-%d", facts.createDate));
    case "create_date.isoformat":
      return args.length === 0 ? toValue(renderMoment(facts.createDate).replace(" ", "T")) : undefined;
    default:
      return undefined;
  }
}

const asText = (text: string | undefined): Value | undefined => (text === undefined ? undefined : toValue(text));

/** Patterns that mean the same in Python and here. */
function splitBy(pattern: string, text: string): Value | undefined {
  if (!/^(?:[\w,; ]|\\s|[*+?])+$/.test(pattern) || /^[*+?]|[*+?]{2}/.test(pattern)) return undefined;
  return toValue(text.split(new RegExp(pattern)));
}

/** Undefined where the format has a letter that depends on the language, or is not known here. */
function formatDate(format: string, date: Moment): string | undefined {
  const values: Readonly<Record<string, string>> = {
    Y: String(date.year).padStart(4, "0"),
    y: String(date.year % 100).padStart(2, "0"),
    m: String(date.month).padStart(2, "0"),
    d: String(date.day).padStart(2, "0"),
    H: String(date.hour).padStart(2, "0"),
    M: String(date.minute).padStart(2, "0"),
    S: String(date.second).padStart(2, "0"),
    f: String(date.microsecond).padStart(6, "0"),
    "%": "%",
  };
  const letters = [...format.matchAll(/%(.?)/gs)].map(([, letter = ""]) => letter);
  if (!letters.every((letter) => Object.hasOwn(values, letter))) return undefined;
  return format.replaceAll(/%(.)/gs, (_all, letter: string) => values[letter] ?? "");
}
