/** Constructs of SQLAlchemy that are executed or created: `CreateTable(t)`, `t.create(bind)`, `sa.Enum(…).drop(bind)`. */
import type { Dialect } from "../../../sql/action.ts";
import type { Call, Value } from "../../../syntax/value.ts";
import { bind, flag, type Bound } from "../arguments.ts";
import { action, opaque, type Sketch } from "../draft.ts";
import { built, calleeOf, nameOf, whyUnknown } from "../terms.ts";
import { readAddedConstraint } from "./constraint.ts";
import { readCreatedIndex } from "./index-object.ts";
import { readNamed, readSequence, readTypeObject, type Way } from "./named.ts";
import { readCreatedTable } from "./table.ts";

/** `conn.execute(CreateTable(t))`. `undefined`: the value is no such construct. */
export function readDefinition(value: Value, dialect: Dialect): readonly Sketch[] | undefined {
  const construct = built(value);
  if (value.kind !== "call" || construct === undefined) return undefined;
  const parts = /^(Create|Drop|Add)(Table|Index|Sequence|Schema|Constraint|EnumType|DomainType)$/.exec(construct);
  if (!parts) return undefined;
  const way: Way = parts[1] === "Drop" ? "drop" : "create";
  const bound = bind(value.args, ["element|name"]);
  const element = bound.get("element");
  const sketch =
    parts[2] === "Schema"
      ? readNamed(way, "schema", nameOf(element))
      : parts[2] === "Constraint"
        ? readAddedConstraint(way, element, dialect)
        : element && readObject(way, element, dialect);
  if (sketch === undefined) return [opaque("schema", whyUnknown(element, `what \`${construct}\` is given`))];
  const alone = parts[2] === "Table" && way === "create" ? withoutCompany(sketch) : sketch;
  return [conditional(alone, way, conditionIn(bound))];
}

const conditionIn = (bound: Bound): Condition => ({
  guarded: flag(bound, "if_not_exists") ?? flag(bound, "if_exists") ?? false,
  cascade: flag(bound, "cascade") ?? false,
});

/** `CreateTable` is the one statement: `Table.create()` alone makes types, indexes and comments, too. */
function withoutCompany(sketch: Sketch): Sketch {
  const { indexes: _, enumTypes: __, options, ...details } = sketch.action.details;
  const touches = sketch.action.touches.filter(
    ({ how, on }) => !(how === "create" && (on.type === "type" || on.type === "index")),
  );
  const { comment: ___, ...rest } = options ?? {};
  const kept = Object.keys(rest).length > 0 ? { options: rest } : {};
  return { ...sketch, action: { ...sketch.action, touches, details: { ...details, ...kept } } };
}

interface Condition {
  /** It is done only where the thing is not there yet, or where it is. */
  readonly guarded: boolean;
  readonly cascade: boolean;
}

function conditional(sketch: Sketch, way: Way, { guarded, cascade }: Condition): Sketch {
  const details = {
    ...sketch.action.details,
    ...(guarded && (way === "create" ? { ifNotExists: true } : { ifExists: true })),
    ...(cascade && { cascade: true }),
  };
  return { ...sketch, action: { ...sketch.action, details } };
}

/** What `.create(bind)` or `.drop(bind)` does on this value. `undefined`: it is nothing that lives in a database. */
function readObject(way: Way, value: Value, dialect: Dialect): Sketch | undefined {
  const construct = built(value);
  if (value.kind === "call") {
    if (construct === "Enum" || construct === "DOMAIN") return readTypeObject(way, value, dialect);
    if (construct === "Sequence") return readSequence(way, value, dialect);
    if (construct === "Index") return readCreatedIndex(way, value, dialect);
  }
  return readCreatedTable(way, value, dialect);
}

/** These ask the catalogue first unless they are told not to; `sa.Enum` and `Index` do so only where they are told to. */
const asksFirst = (value: Value): boolean => {
  const construct = built(value);
  if (construct === "Index") return false;
  if (construct !== "Enum" || value.kind !== "call") return true;
  return value.callee.kind === "reference" && value.callee.path.startsWith("sqlalchemy.dialects.");
};

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
    const guarded = flag(bind(call.args, ["bind", "checkfirst"]), "checkfirst") ?? asksFirst(receiver);
    return sketch && [conditional(sketch, name, { guarded, cascade: false })];
  }
  if (name !== "create_all" && name !== "drop_all") return undefined;
  const bound = bind(call.args, ["bind", "tables", "checkfirst"]);
  const way: Way = name === "create_all" ? "create" : "drop";
  const guarded = flag(bound, "checkfirst") ?? true;
  return ofMetadata(way, bound.get("tables"), dialect).map((sketch) =>
    conditional(sketch, way, { guarded, cascade: false }),
  );
}

function ofMetadata(way: Way, tables: Value | undefined, dialect: Dialect): readonly Sketch[] {
  if (tables?.kind !== "sequence") {
    return [
      {
        action: action({ kind: `${way}_table`, effect: "schema", incomplete: true }),
        doubts: ["which tables the metadata holds is not known"],
      },
    ];
  }
  return tables.items.map((table) => readObject(way, table, dialect) ?? opaque("schema", whyUnknown(table, "a table")));
}

/** What `CreateTable(t).execute(bind)` and `DDL("…")(target, bind)` execute; `undefined` where the call is neither. */
export function executedElement(call: Call): Value | undefined {
  const callee = calleeOf(call);
  const element = callee ? (callee.name === "execute" ? callee.receiver : undefined) : call.callee;
  const construct = element && built(element);
  return construct !== undefined && /^(?:DDL|(?:Create|Drop|Add)[A-Z]\w+)$/.test(construct) ? element : undefined;
}
