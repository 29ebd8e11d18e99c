/** Definitions of SQLAlchemy that are executed or created: `CreateTable(t)`, `t.create(bind)`, `sa.Enum(…).drop(bind)`. */
import type { ActionKind, Dialect, EntityType } from "../../sql/action.ts";
import type { Call, Value } from "../../syntax/value.ts";
import { bind, flag } from "./arguments.ts";
import { columnReference } from "./columns.ts";
import { readIndex } from "./directives/indexes.ts";
import { readTable } from "./directives/tables.ts";
import { action, opaque, type Sketch } from "./draft.ts";
import { onNamed, onTable } from "./entities.ts";
import { tableOf } from "./tables.ts";
import { built, nameOf, whyUnknown } from "./terms.ts";
import { readType } from "./types/index.ts";

type Way = "create" | "drop";

/** `conn.execute(CreateTable(t))`. `undefined`: the value is no such construct. */
export function readDefinition(value: Value, dialect: Dialect): readonly Sketch[] | undefined {
  const construct = built(value);
  if (value.kind !== "call" || construct === undefined) return undefined;
  const parts = /^(Create|Drop|Add)(Table|Index|Sequence|Schema|Constraint|EnumType|View|DomainType)$/.exec(construct);
  if (!parts) return undefined;
  const way: Way = parts[1] === "Drop" ? "drop" : "create";
  const element = value.args[0]?.value;
  if (parts[2] === "Schema") return [named(way, "schema", nameOf(element))];
  if (parts[2] === "Constraint") return [constraint(way, element)];
  return [
    (element && readObject(way, element, dialect)) ??
      opaque("schema", whyUnknown(element, `what \`${construct}\` is given`)),
  ];
}

/** What `.create(bind)` or `.drop(bind)` does on this value. `undefined`: it is nothing that lives in a database. */
export function readObject(way: Way, value: Value, dialect: Dialect): Sketch | undefined {
  const construct = built(value);
  if (value.kind === "call") {
    if (construct === "Enum" || construct === "DOMAIN") return type(way, value, dialect);
    if (construct === "Sequence") return named(way, "sequence", nameOf(value.args[0]?.value));
    if (construct === "Index") return index(way, value, dialect);
    if (construct === "Table" && way === "create") {
      const bound = bind(value.args, ["name", "metadata"]);
      const reading = tableOf(value);
      if (reading?.name === undefined) bound.doubts.push(reading?.why ?? "the table is not known");
      return readTable(bound, reading?.name, dialect);
    }
  }
  const table = tableOf(value);
  if (table === undefined) return undefined;
  const doubts = table.name ? [] : [table.why ?? "the table is not known"];
  const details = modelColumns(value);
  if (way === "create" && details) {
    const sketch = readTable({ ...bind([], []), rest: details }, table.name, dialect);
    return { ...sketch, doubts: [...sketch.doubts, ...doubts] };
  }
  return {
    action: action({
      kind: `${way}_table`,
      effect: "schema",
      table: table.name,
      touches: onTable(way, table.name),
      incomplete: table.name === undefined,
    }),
    doubts,
  };
}

/** The columns of a model class, each with its attribute's name where it has none of its own. */
function modelColumns(value: Value): readonly Value[] | undefined {
  const model = value.kind === "member" && value.name === "__table__" ? value.of : value;
  if (model.kind !== "class") return undefined;
  return [...(model.members ?? [])].flatMap(([attribute, member]): Value[] => {
    if (member.kind !== "call" || built(member) !== "Column") return [];
    const own = nameOf(member.args[0]?.value) ?? nameOf(member.args.find(({ name }) => name === "name")?.value);
    if (own !== undefined) return [member];
    const name: Value = { kind: "text", text: attribute, holes: [], pieces: [], range: member.range };
    return [{ ...member, args: [{ value: name, range: member.range }, ...member.args] }];
  });
}

function named(way: Way, entity: EntityType & ("schema" | "sequence"), name: string | undefined): Sketch {
  const kind: ActionKind = `${way}_${entity}`;
  return {
    action: action({ kind, effect: "schema", name, touches: onNamed(way, entity, name) }),
    doubts: name === undefined ? [`the ${entity}'s name is not known`] : [],
  };
}

/** `sa.Enum(…).create(bind)`; of a domain only the name counts. */
function type(way: Way, value: Call, dialect: Dialect): Sketch {
  const own = readType(value, "postgresql").own;
  const kind: ActionKind = `${way}_type`;
  return {
    action: action({
      kind,
      effect: "schema",
      name: own?.name.name,
      touches: own ? onNamed(way, "type", own.name.name, own.name.schema) : [],
      details: { enumTypes: way === "create" && own?.enum && dialect === "postgresql" ? [own.enum] : undefined },
    }),
    doubts: own ? [] : ["the type's name is not known"],
  };
}

function index(way: Way, value: Call, dialect: Dialect): Sketch {
  const bound = bind(value.args, ["name"]);
  const name = nameOf(bound.get("name"));
  const table =
    bound.rest.map((key) => columnReference(key)?.table).find((found) => found !== undefined) ??
    tableOf(bound.get("_table"))?.name;
  if (table === undefined) bound.doubts.push("the index's table is not known");
  if (way === "create")
    return readIndex({
      bound,
      name,
      given: bound.get("name"),
      table,
      schema: undefined,
      keys: bound.rest,
      complete: !bound.open,
      dialect,
    });
  const touches = [...onNamed("drop", "index", name, table?.schema), ...onTable("require", table)];
  return { action: action({ kind: "drop_index", effect: "schema", table, name, touches }), doubts: bound.doubts };
}

const constraintKinds: Readonly<Record<string, ActionKind>> = {
  ForeignKeyConstraint: "create_foreign_key",
  UniqueConstraint: "create_unique_constraint",
  CheckConstraint: "create_check_constraint",
  PrimaryKeyConstraint: "create_primary_key",
  ExcludeConstraint: "create_exclude_constraint",
};

/** `AddConstraint(c)` and `DropConstraint(c)`; which table a constraint is on is seldom in the same expression. */
function constraint(way: Way, element: Value | undefined): Sketch {
  const kind = element === undefined ? undefined : constraintKinds[built(element) ?? ""];
  if (element?.kind !== "call" || kind === undefined) return opaque("schema", whyUnknown(element, "the constraint"));
  const name = nameOf(element.args.find((argument) => argument.name === "name")?.value);
  const touches = onNamed(way, "constraint", name);
  return {
    action: action({
      kind: way === "create" ? kind : "drop_constraint",
      effect: "schema",
      name,
      touches,
      incomplete: true,
    }),
    doubts: ["the constraint's table is not known"],
  };
}

/** `.create(…)`, `.drop(…)`, `.create_all(…)`, `.drop_all(…)`. `undefined`: the receiver is nothing of a database. */
export function readCreation(
  name: string,
  receiver: Value,
  call: Call,
  dialect: Dialect,
): readonly Sketch[] | undefined {
  if (name === "create" || name === "drop") {
    const sketch = readObject(name, receiver, dialect);
    // Other servers know no enum types: SQLAlchemy sends nothing.
    if (sketch?.action.kind.endsWith("_type") && dialect !== "postgresql") return [];
    return (
      sketch && [
        {
          ...sketch,
          action: {
            ...sketch.action,
            details: {
              ...sketch.action.details,
              ...(flag(bind(call.args, ["bind", "checkfirst"]), "checkfirst") === true ? { ifExists: true } : {}),
            },
          },
        },
      ]
    );
  }
  if (name !== "create_all" && name !== "drop_all") return undefined;
  const tables = bind(call.args, ["bind", "tables"]).get("tables");
  const way: Way = name === "create_all" ? "create" : "drop";
  if (tables?.kind !== "sequence") {
    return [
      {
        action: action({ kind: `${way}_table`, effect: "schema", details: { ifExists: true }, incomplete: true }),
        doubts: ["which tables the metadata holds is not known"],
      },
    ];
  }
  return tables.items.map((table) => readObject(way, table, dialect) ?? opaque("schema", whyUnknown(table, "a table")));
}
