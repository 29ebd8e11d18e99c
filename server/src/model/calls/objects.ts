/** What ORM code does without calling a method: a loop over a query reads, an attribute of an object writes. */
import type { Dialect } from "../../sql/action.ts";
import type { Value } from "../../syntax/value.ts";
import type { Range } from "../../text/range.ts";
import type { CallReading } from "../reading.ts";
import { chainOf } from "./chains.ts";
import { action, draft, placeOf, type Sketch } from "./draft.ts";
import { onColumns, onTable } from "./entities.ts";
import { entityOf, queryOf, tableOfEntity } from "./entity.ts";
import { selection } from "./queries.ts";
import { queryEnds } from "./roles.ts";
import { columnOfAttribute } from "./tables.ts";
import { isNull, whyUnknown } from "./terms.ts";

/** A loop over a query runs it. `undefined`: the value is no query. */
export function readIteration(over: Value, dialect: Dialect): CallReading | undefined {
  if (over.kind !== "call") return undefined;
  const chain = chainOf(over);
  const query = queryOf(chain);
  if (query === undefined || queryEnds.has(chain.links.at(-1)?.name ?? "")) return undefined;
  const table = tableOfEntity(query.entities[0]);
  const doubts = table?.name ? [] : [table?.why ?? whyUnknown(query.entities[0], "the model")];
  return { drafts: [draft(selection(query.entities, [over], table?.name, doubts, dialect), placeOf(over, "orm"))] };
}

/** `row.name = value` on an object from a query is an UPDATE. `undefined`: the object is none. */
export function readAttributeSet(
  of: Value,
  name: string,
  value: Value,
  range: Range,
  nameRange: Range,
): CallReading | undefined {
  const entity = isObject(of) ? entityOf(of) : undefined;
  const table = tableOfEntity(entity);
  if (table === undefined) return undefined;
  const columns = [entity?.kind === "class" ? columnOfAttribute(entity, name) : name];
  const touches = [...onTable("update", table.name), ...onColumns("update", table.name, columns)];
  const details = { hasWhere: true, setsNull: isNull(value) || undefined };
  const sketch: Sketch = {
    action: action({
      kind: "update",
      effect: "data",
      table: table.name,
      columns,
      touches,
      details,
      incomplete: table.name === undefined,
    }),
    doubts: table.name ? [] : [table.why ?? "the object's table is not known"],
  };
  return { drafts: [draft(sketch, { range, nameRange, via: "orm" })] };
}

/** An element of a query's result, or what `.first()` and `.get()` give; a whole result has no attributes to set. */
const isObject = (value: Value): boolean =>
  value.kind === "unknown" ||
  value.kind === "item" ||
  value.kind === "choice" ||
  (value.kind === "call" &&
    /^(?:first|one|one_or_none|get|scalar|scalar_one|scalar_one_or_none)$/.test(
      chainOf(value).links.at(-1)?.name ?? "",
    ));
