/** Which mapped class of the application a call works with. */
import { elsewhere } from "../syntax/modules.ts";
import type { Modules } from "../syntax/interpreter.ts";
import type { Call, Value } from "../syntax/value.ts";
import { isModel } from "./calls/tables.ts";
import { isImportedModel, isLibrary, splitPath } from "./calls/terms.ts";
import type { ForeignCode } from "./revision.ts";
import { anyWithin, lastName, partsOf } from "./values.ts";

/** A class of the application that maps a table, among what a call is given: to ask for, to write to, as an object. */
export function modelWithin(call: Call, modules: Modules | undefined): ForeignCode | undefined {
  const given = objectsOf(call);
  const asked = new Set<Value>();
  let found: ForeignCode | undefined;
  anyWithin(
    call,
    (value) => {
      if (value.kind === "call" && asking.has(lastName(value.callee) ?? ""))
        for (const { value: column } of value.args) asked.add(column);
      found = readModel(value, modules, asked.has(value));
      return found !== undefined;
    },
    // What is put into a text is no table.
    (part) => (part.kind === "call" ? partsToAsk(part, given) : part.kind === "text" ? [] : partsOf(part)),
  );
  return found;
}

/** Calls whose arguments are columns, where they are attributes of a class. */
const asking = new Set(["select", "query", "with_entities", "with_only_columns", "select_from", "add_columns"]);

/** `Base.metadata.create_all(bind)`, `User.__table__.create(bind)`: the application's tables, as it has them today. */
export function metadataOf({ callee }: Call): ForeignCode | undefined {
  if (callee.kind !== "reference" || isLibrary(callee.path)) return undefined;
  const { parent, name } = splitPath(callee.path);
  if (!/^(?:create|drop)(?:_all)?$/.test(name)) return undefined;
  const owner = splitPath(parent);
  if (owner.name === "__table__") return { name: owner.parent };
  return name.endsWith("_all") && owner.name.toLowerCase() === "metadata" ? { name: parent } : undefined;
}

function readModel(value: Value, modules: Modules | undefined, isColumn: boolean): ForeignCode | undefined {
  if (value.kind === "class" && value.range.start >= elsewhere && isModel(value)) {
    const path = modules?.code.get(value)?.home.path;
    return { name: value.name, ...(path !== undefined && { path }) };
  }
  if (value.kind !== "reference") return undefined;
  // `User.__table__.update` is folded into one path.
  const table = value.path.replace(/\.__table__(?:\..*)?$/, "");
  const name = isColumn && isImportedModel(table, true) && !isImportedModel(table) ? splitPath(table).parent : table;
  return isImportedModel(name) && !/(?:Session|Engine|Base)$/.test(name) ? { name } : undefined;
}

/** `session.add(User(…))`, `session.add_all([User(…)])`. */
const objectsOf = ({ callee, args }: Call): ReadonlySet<Value> =>
  new Set(
    callee.kind === "member" ? args.flatMap(({ value }) => (value.kind === "sequence" ? value.items : [value])) : [],
  );

/** What takes a type beside a name or a value. */
const typed = new Set(["column", "Column", "mapped_column", "cast", "type_coerce", "bindparam", "literal"]);

/**
 * A class that is called where no object is handed over makes a value, as of a parameter, or a type; and where a type
 * stands, a class is one.
 */
function partsToAsk(call: Call, given: ReadonlySet<Value>): readonly Value[] {
  const { callee, args } = call;
  const isValue = callee.kind === "reference" && isImportedModel(callee.path) && !given.has(call);
  const takesType = typed.has(lastName(callee) ?? "");
  const asked = args.filter(({ name }, i) => !takesType || (name === undefined ? i !== 1 : name !== "type_"));
  return [...(isValue ? [] : [callee]), ...asked.map((argument) => argument.value)];
}
