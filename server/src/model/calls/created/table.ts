/** `sa.Table(…).create(bind)`, and the table of a model class of the same file. */
import type { Dialect, QualifiedName } from "../../../sql/action.ts";
import type { Definition, Value } from "../../../syntax/value.ts";
import { bind, type Bound } from "../arguments.ts";
import { readTable } from "../directives/tables.ts";
import { action, type Sketch } from "../draft.ts";
import { onTable } from "../entities.ts";
import { isModel, tableOf } from "../tables.ts";
import { built, nameOf, splitPath, textOf } from "../terms.ts";
import { classMembers } from "../types/construct.ts";
import type { Way } from "./named.ts";

/** `undefined`: the value is no table. */
export function readCreatedTable(way: Way, value: Value, dialect: Dialect): Sketch | undefined {
  const table = tableOf(value);
  if (table === undefined) return undefined;
  const doubts = table.name ? [] : [table.why ?? "the table is not known"];
  const parts = way === "create" ? partsOf(value) : undefined;
  if (parts === undefined) return plain(way, table.name, doubts);
  const sketch = readTable(parts, table.name, dialect);
  return { ...sketch, doubts: [...sketch.doubts, ...doubts] };
}

const plain = (way: Way, table: QualifiedName | undefined, doubts: readonly string[]): Sketch => ({
  action: action({
    kind: `${way}_table`,
    effect: "schema",
    table,
    touches: onTable(way, table),
    incomplete: table === undefined,
  }),
  doubts,
});

function partsOf(value: Value): Bound | undefined {
  if (value.kind === "call" && built(value) === "Table") return bind(value.args, ["name", "metadata"]);
  const model = value.kind === "member" && value.name === "__table__" ? value.of : value;
  if (model.kind !== "class") return undefined;
  const own = classMembers(model).get("__table__");
  return own === undefined ? partsOfModel(model) : partsOf(own);
}

/** Columns of the class and of the file's own bases, and what `__table_args__` says. */
function partsOfModel(model: Definition): Bound {
  const members = classMembers(model);
  const columns = [...members].flatMap(([attribute, member]) => columnOf(attribute, given(model, member)) ?? []);
  const args = members.get("__table_args__");
  const items = args?.kind === "sequence" ? args.items : args === undefined ? [] : [args];
  const options = items.find((item) => item.kind === "mapping");
  const bound = bind([], []);
  return {
    ...bound,
    rest: [...columns, ...items.filter((item) => item !== options)],
    get: (parameter) => (options?.kind === "mapping" ? entryOf(options, parameter) : undefined),
    doubts: unknownBases(model).map((name) => `what \`${name}\` adds to the table is not known`),
  };
}

const entryOf = (options: Value & { readonly kind: "mapping" }, wanted: string): Value | undefined =>
  options.entries.find(([key]) => textOf(key) === wanted)?.[1];

/** What SQLAlchemy asks the class for (`@declared_attr`): a mixin's columns with a foreign key are made so. */
const given = (model: Definition, member: Value): Value =>
  member.kind === "function"
    ? (member.answer?.([{ value: model, range: model.range }], new Map<string, string>()) ?? member)
    : member;

/** The column of an attribute, under the attribute's name where it has none of its own. */
function columnOf(attribute: string, member: Value): Value | undefined {
  if (member.kind !== "call" || built(member) !== "Column") return undefined;
  const own = nameOf(member.args[0]?.value) ?? nameOf(member.args.find(({ name }) => name === "name")?.value);
  if (own !== undefined) return member;
  const name: Value = { kind: "text", text: attribute, holes: [], pieces: [], range: member.range };
  return { ...member, args: [{ value: name, range: member.range }, ...member.args] };
}

/** Bases of a model that come from elsewhere may bring columns, except those that only make it a model. */
function unknownBases(model: Definition, depth = 6): readonly string[] {
  return (model.bases ?? []).flatMap((base) => {
    if (base.kind === "class") return depth > 0 ? unknownBases(base, depth - 1) : [];
    if (base.kind !== "reference" || base.path.startsWith("builtins.")) return [];
    const { name } = splitPath(base.path);
    const alone: Definition = { kind: "class", name, bases: [base], range: base.range };
    return isModel(alone) ? [] : [name];
  });
}
