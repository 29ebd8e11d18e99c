/** Which mapped class of the application a call works with. */
import { elsewhere } from "../syntax/modules.ts";
import type { Modules } from "../syntax/interpreter.ts";
import type { Call, Value } from "../syntax/value.ts";
import { isModel } from "./calls/tables.ts";
import { isImportedModel } from "./calls/terms.ts";
import type { ForeignCode } from "./revision.ts";
import { anyWithin, lastName, partsOf } from "./values.ts";

/** A class of the application that maps a table, among what a call is given: to ask for, to write to, as an object. */
export function modelWithin(call: Call, modules: Modules | undefined): ForeignCode | undefined {
  const given = objectsOf(call);
  let found: ForeignCode | undefined;
  anyWithin(
    call,
    (value) => {
      found = readModel(value, modules);
      return found !== undefined;
    },
    (part) => (part.kind === "call" ? partsToAsk(part, given) : partsOf(part)),
  );
  return found;
}

function readModel(value: Value, modules: Modules | undefined): ForeignCode | undefined {
  if (value.kind === "class" && value.range.start >= elsewhere && isModel(value)) {
    const path = modules?.code.get(value)?.home.path;
    return { name: value.name, ...(path !== undefined && { path }) };
  }
  if (value.kind !== "reference") return undefined;
  // `User.__table__.update` is folded into one path.
  const name = value.path.replace(/\.__table__(?:\..*)?$/, "");
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
