/**
 * Functions of an application that are named for what they wrap: `add_column`, `create_table_if_not_exists`,
 * `table_exists`. What they do is taken from the name, and said to be: such a reading is at best `likely`.
 */
import { tableEntity, type ActionKind, type Dialect, type Touch } from "../../sql/action.ts";
import type { Argument, Call, Value } from "../../syntax/value.ts";
import { columnCall } from "./elements/column.ts";
import { directive, readDirective } from "./directives/index.ts";
import { action, type Sketch } from "./draft.ts";
import { onTable, splitName } from "./entities.ts";
import { roleOf } from "./roles.ts";
import { isText, nameOf } from "./terms.ts";

/** `undefined`: the name says nothing that the readers know. */
export function readWrapper(name: string, call: Call, dialect: Dialect): readonly Sketch[] | undefined {
  const guarded = /^(\w+?)_if_(?:not_)?exists?$/.exec(name);
  const base = guarded?.[1] ?? name;
  const args = call.args.filter(({ value }) => !isHandle(value));
  const handed = args.length < call.args.length;
  const sketches = readNamesake(base, args, dialect) ?? (guarded ? undefined : readCheck(name, args, handed));
  const condition = name.includes("_if_not_") ? { ifNotExists: true } : { ifExists: true };
  const why = `what \`${name}\` does is taken from its name`;
  return sketches?.map((sketch) => ({
    ...sketch,
    action: guarded ? { ...sketch.action, details: { ...sketch.action.details, ...condition } } : sketch.action,
    doubts: [...sketch.doubts, why],
  }));
}

const isHandle = (value: Value): boolean =>
  ["op", "batch", "connection", "session", "inspector", "context"].includes(roleOf(value));

/** Directives that name the table first, in every wrapper that was seen. */
const tableFirst = new Set(["add_column", "drop_column", "alter_column", "create_table", "drop_table", "rename_table"]);
/** Wrappers of these differ in whether the table or the own name comes first. */
const nameFirst: ReadonlySet<string> = new Set<ActionKind>([
  "create_index",
  "drop_index",
  "create_foreign_key",
  "create_unique_constraint",
  "create_check_constraint",
  "create_primary_key",
  "drop_constraint",
]);

function readNamesake(name: string, args: readonly Argument[], dialect: Dialect): readonly Sketch[] | undefined {
  const many = /^(add|drop)_columns$/.exec(name)?.[1];
  if (many) return severalColumns(`${many}_column`, args, dialect);
  const known = directive(name);
  if (known === undefined) return undefined;
  if (tableFirst.has(name)) return fits(name, args) ? readDirective(known, args, dialect) : undefined;
  if (!nameFirst.has(name)) return undefined;
  const keywords = args.filter((argument) => argument.name !== undefined);
  if (keywords.length === args.length && keywords.length > 0) return readDirective(known, args, dialect);
  return [
    {
      action: action({ kind: name as ActionKind, effect: "schema", touches: maybeTables(args), incomplete: true }),
      doubts: ["its table is not known"],
    },
  ];
}

/** One of the texts names the table, the other the thing itself. */
const maybeTables = (args: readonly Argument[]): readonly Touch[] =>
  args.flatMap(({ value }) => {
    const name = isText(value) ? nameOf(value) : undefined;
    return name === undefined ? [] : [{ how: "require", on: tableEntity(splitName(name)), possible: true }];
  });

function fits(name: string, args: readonly Argument[]): boolean {
  const [first, second] = args;
  if (name === "drop_table") return args.length === 1;
  if (!isText(first?.value) && !["table_name", "name"].includes(first?.name ?? "")) return false;
  if (name === "add_column" || name === "create_table")
    return second !== undefined && (second.starred === true || columnCall(second.value) !== undefined);
  return second !== undefined;
}

/** `add_columns("t", Column(…), Column(…))`. */
function severalColumns(name: string, args: readonly Argument[], dialect: Dialect): readonly Sketch[] | undefined {
  const [table, ...columns] = args;
  const known = directive(name);
  if (known === undefined || table === undefined || !isText(table.value)) return undefined;
  const fitting = columns.filter(({ value }) =>
    name === "add_column" ? columnCall(value) !== undefined : isText(value),
  );
  if (fitting.length === 0 || fitting.length < columns.length) return undefined;
  return fitting.flatMap((column) => readDirective(known, [table, column], dialect));
}

const checks =
  /(?:^|_)exists?$|(?:^|_)has_(?:table|column|index|constraint|foreign_key|fk|enum|type|view|sequence)(?:$|_)/;
/** `ensure_index_exists` asks and acts. */
const changes = /^_?(?:ensure|make|create|add|drop|delete|remove|insert|upsert|set|get_or)_|_or_create/;
const lookups = /^(?:generic_)?(?:find|get|fetch|look_?up|list)_/;
const ofTable = /(?:^|_)(?:table|column)s?(?:_|$)/;

/** A question to the catalogue; `handed` where it is given a way to the database. */
function readCheck(name: string, args: readonly Argument[], handed: boolean): readonly Sketch[] | undefined {
  const asks = checks.test(name) && !changes.test(name);
  if (!asks && !(handed && lookups.test(name) && !changes.test(name))) return undefined;
  const keyword = args.find((argument) => argument.name === "table_name" || argument.name === "table");
  const table = nameOf(
    keyword?.value ?? (ofTable.test(name) ? args.find((argument) => argument.name === undefined)?.value : undefined),
  );
  const named = table === undefined || !/^[\w.$ ]+$/.test(table) ? undefined : splitName(table);
  return [
    {
      action: action({
        kind: "select",
        effect: "read",
        table: named,
        touches: onTable("require", named),
        incomplete: named === undefined || !asks,
      }),
      doubts: [],
    },
  ];
}
