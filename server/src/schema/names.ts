/** The things that an operation gives a name to, and those whose name it takes away: by creation, removal or renaming. */
import { columnEntity, type Action, type Entity, type QualifiedName } from "../sql/action.ts";
import { keyOf } from "./replay/schema.ts";

export const sameEntity = (a: Entity, b: Entity): boolean =>
  a.type === b.type && a.column === b.column && keyOf(a.name) === keyOf(b.name);

const tableLike = new Set<Entity["type"]>(["table", "view"]);

/** Relations share one space of names: a view may stand where a table stood. */
export const standsFor = (made: Entity, gone: Entity): boolean =>
  sameEntity(made, gone) ||
  (tableLike.has(made.type) && tableLike.has(gone.type) && keyOf(made.name) === keyOf(gone.name));

const renamesColumn = ({ kind, columns, details }: Action): boolean =>
  kind === "alter_column" && details.newName !== undefined && details.newName !== columns[0];

/** In the schema of the old name. */
const beside = (old: QualifiedName, name: string): QualifiedName => ({ ...old, name });

/** What an operation makes, and what other things it gives these names to. */
export function namesMade(action: Action): readonly Entity[] {
  const { table, kind, details } = action;
  const made = action.touches.flatMap(({ how, on }) => (how === "create" ? [on] : []));
  if (table === undefined || details.newName === undefined) return made;
  if (renamesColumn(action)) return [...made, columnEntity(table, details.newName)];
  return kind === "rename_table" ? [...made, { type: "table", name: beside(table, details.newName) }] : made;
}

/** What nobody finds any more under the name that it had. */
export function namesTaken(action: Action): readonly Entity[] {
  const { table, kind, columns } = action;
  const [column] = columns;
  if (renamesColumn(action)) return table && column !== undefined ? [columnEntity(table, column)] : [];
  if (kind === "rename_table") return table ? [{ type: "table", name: table }] : [];
  return action.touches.flatMap(({ how, on }) => (how === "drop" || how === "rename" ? [on] : []));
}
