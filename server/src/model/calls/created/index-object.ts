/** `sa.Index("ix", t.c.a).create(bind)`. */
import type { Dialect } from "../../../sql/action.ts";
import type { Call } from "../../../syntax/value.ts";
import { bind } from "../arguments.ts";
import { columnReference } from "../columns.ts";
import { readIndex } from "../directives/indexes.ts";
import { action, type Sketch } from "../draft.ts";
import { onNamed, onTable } from "../entities.ts";
import { tableOf } from "../tables.ts";
import { nameOf } from "../terms.ts";
import type { Way } from "./named.ts";

export function readCreatedIndex(way: Way, value: Call, dialect: Dialect): Sketch {
  const bound = bind(value.args, ["name"]);
  const given = bound.get("name");
  const name = nameOf(given);
  const table =
    bound.rest.map((key) => columnReference(key)?.table).find((found) => found !== undefined) ??
    tableOf(bound.get("_table"))?.name;
  if (table === undefined) bound.doubts.push("the index's table is not known");
  if (way === "create")
    return readIndex({
      bound,
      name,
      given,
      table,
      schema: undefined,
      keys: bound.rest,
      complete: !bound.open,
      dialect,
    });
  const touches = [...onNamed("drop", "index", name, table?.schema), ...onTable("require", table)];
  return { action: action({ kind: "drop_index", effect: "schema", table, name, touches }), doubts: bound.doubts };
}
