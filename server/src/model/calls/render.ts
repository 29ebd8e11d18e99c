/** Values as Python text, for what is shown: the type of a column, the name of a function. */
import { HOLE, type Value } from "../../syntax/value.ts";

const LONGEST = 200;

/** A value much as it would be written; parts that are not known are `…`. */
export function renderValue(value: Value): string {
  const text = render(value, 6);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function render(value: Value, depth: number): string {
  if (depth === 0) return "…";
  const inner = (other: Value): string => render(other, depth - 1);
  switch (value.kind) {
    case "text":
      return JSON.stringify(value.text.replaceAll(HOLE, "…"));
    case "scalar":
      return value.value === null
        ? "None"
        : typeof value.value === "boolean"
          ? value.value
            ? "True"
            : "False"
          : String(value.value);
    case "sequence": {
      const items = value.items
        .map(inner)
        .concat(value.complete ? [] : ["…"])
        .join(", ");
      if (value.type === "list") return `[${items}]`;
      return value.type === "set" ? `{${items}}` : `(${items})`;
    }
    case "mapping":
      return `{${value.entries.map(([key, entry]) => `${inner(key)}: ${inner(entry)}`).join(", ")}}`;
    case "reference":
      return renderPath(value.path);
    case "member":
      return `${inner(value.of)}.${value.name}`;
    case "item":
      return `${inner(value.of)}[${inner(value.index)}]`;
    case "call": {
      const args = value.args.map(
        (argument) => (argument.name === undefined ? "" : `${argument.name}=`) + inner(argument.value),
      );
      return `${inner(value.callee)}(${args.join(", ")})`;
    }
    case "function":
    case "class":
      return value.name;
    case "operator":
      return value.operands.length === 1
        ? `${value.operator} ${value.operands.map(inner).join("")}`
        : value.operands.map(inner).join(` ${value.operator} `);
    case "lambda":
    case "choice":
    case "unknown":
      return "…";
  }
}

/** `sqlalchemy.String` as migrations write it, `sa.String`; dialect types with their dialect. */
function renderPath(path: string): string {
  if (!path.startsWith("sqlalchemy.")) return path.replace(/^builtins\./, "");
  const parts = path.split(".");
  const name = parts.at(-1) ?? path;
  return parts[1] === "dialects" ? `${parts[2] ?? ""}.${name}` : `sa.${name}`;
}
