/** The columns that upgrades make, for whoever has an opinion of their types. */
import type { Judged } from "../facts/judged.ts";
import { renderName, type ColumnDefinition } from "../sql/action.ts";
import type { ColumnType } from "../sql/definition.ts";
import { at, type Found, type Subject } from "./define.ts";

export interface NewColumn extends Found {
  /** `users.email` */
  readonly column: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly definition: ColumnDefinition;
  readonly judged: Judged;
}

/** Columns of new tables that stay, and columns that are added; those whose type is not known are left out. */
export function* newColumns({ judged }: Subject): Iterable<NewColumn> {
  for (const one of judged) {
    const { kind, table, details } = one.operation;
    if (one.direction.name !== "upgrade" || (kind !== "create_table" && kind !== "add_column")) continue;
    if (details.temporary === true || table === undefined) continue;
    for (const definition of details.definitions ?? []) {
      const { sqlType: type, name } = definition;
      if (type) yield { ...at(one), column: `${renderName(table)}.${name}`, name, type, definition, judged: one };
    }
  }
}
