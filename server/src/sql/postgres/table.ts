/** CREATE TABLE and ALTER TABLE. */
import type { AlterTableCmd, AlterTableStmt, ColumnDef, CreateStmt, CreateTableAsStmt, RenameStmt } from "libpg-query";
import {
  besideTable,
  columnEntity,
  tableEntity,
  type Action,
  type ActionKind,
  type Details,
  type QualifiedName,
} from "../action.ts";
import { action, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import {
  constraintAction,
  constraintColumns,
  readDefinition,
  referencesOf,
  touchConstraint,
  touchDefinition,
  withoutConstraints,
} from "./columns.ts";
import { readInto } from "./rows.ts";
import { all, as, isNull, nameOfTable, strings } from "./tree.ts";
import { renderType } from "./types.ts";

export function createTable(create: CreateStmt): Action {
  const table = nameOfTable(create.relation);
  const touches = new Touches().table("create", table);
  const elements = create.tableElts ?? [];
  for (const column of all(elements, "ColumnDef")) touchDefinition(touches, table, column, known(column.colname));
  for (const constraint of all(elements, "Constraint"))
    touchConstraint(touches, table, constraint, constraintColumns(constraint, table));
  for (const like of all(elements, "TableLikeClause")) touches.table("require", nameOfTable(like.relation));
  // A partition changes the table that it becomes a part of.
  const how = create.partbound ? "alter" : "require";
  for (const parent of all(create.inhRelations, "RangeVar")) touches.table(how, nameOfTable(parent));
  const definitions = all(elements, "ColumnDef").flatMap((column) => readDefinition(column) ?? []);
  const constraints = [...definitions.flatMap((one) => one.constraints), ...all(elements, "Constraint")];
  return action("create_table", {
    table,
    columns: definitions.map(({ name }) => name),
    touches,
    details: {
      definitions: definitions.map(withoutConstraints),
      ...referencesOf(constraints),
      ...(create.relation?.relpersistence === "t" && { temporary: true }),
      ...(create.if_not_exists && { ifExists: true }),
    },
  });
}

export function createTableAs(create: CreateTableAsStmt): Action {
  const name = nameOfTable(create.into?.rel);
  const touches = new Touches();
  const isView = create.objtype === "OBJECT_MATVIEW";
  if (isView && name) touches.add("create", { type: "view", name });
  else touches.table("create", name);
  readInto(touches, create.query);
  const details: Details = {
    ...(create.into?.rel?.relpersistence === "t" && { temporary: true }),
    ...(create.if_not_exists && { ifExists: true }),
  };
  const columns = strings(create.into?.colNames);
  return action(isView ? "create_view" : "create_table", {
    ...(isView ? { name: name?.name } : { table: name }),
    columns,
    touches,
    details,
  });
}

export function alterTable(alter: AlterTableStmt): readonly Action[] {
  const table = nameOfTable(alter.relation);
  const commands = all(alter.cmds, "AlterTableCmd");
  if (alter.objtype === "OBJECT_INDEX") return [alterNamed("alter_other", "index", table)];
  if (alter.objtype === "OBJECT_SEQUENCE") return [alterNamed("alter_sequence", "sequence", table)];
  if (alter.objtype === "OBJECT_VIEW" || alter.objtype === "OBJECT_MATVIEW")
    return [alterNamed("alter_view", "view", table)];
  if (alter.objtype === "OBJECT_TYPE") return [alterNamed("alter_type", "type", table)];
  const actions = commands.map((command) => alterCommand(table, command));
  if (!alter.missing_ok) return actions;
  return actions.map((one) => ({ ...one, details: { ...one.details, ifExists: true } }));
}

function alterNamed(
  kind: ActionKind,
  type: "index" | "sequence" | "view" | "type",
  name: QualifiedName | undefined,
): Action {
  const touches = new Touches();
  if (name) touches.add("alter", { type, name });
  return action(kind, { name: name?.name, touches, incomplete: name === undefined });
}

type Command = NonNullable<AlterTableCmd["subtype"]>;

function alterCommand(table: QualifiedName | undefined, command: AlterTableCmd): Action {
  const subtype: Command = command.subtype ?? "AT_AddColumn";
  switch (subtype) {
    case "AT_AddColumn":
      return addColumn(table, as(command.def, "ColumnDef"), command.missing_ok === true);
    case "AT_DropColumn":
      return dropColumn(table, command);
    case "AT_AddConstraint": {
      const constraint = as(command.def, "Constraint");
      return constraint?.indexname === undefined
        ? constraintAction(table, constraint ?? {})
        : constraintFromIndex(table, constraintAction(table, constraint), constraint.indexname);
    }
    case "AT_DropConstraint":
      return dropConstraint(table, command);
    case "AT_ValidateConstraint":
      return validateConstraint(table, known(command.name));
    case "AT_AlterColumnType":
    case "AT_SetNotNull":
    case "AT_DropNotNull":
    case "AT_ColumnDefault":
    case "AT_SetExpression":
    case "AT_DropExpression":
    case "AT_AddIdentity":
    case "AT_SetIdentity":
    case "AT_DropIdentity":
      return alterColumn(table, subtype, command);
    case "AT_AttachPartition":
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize":
    case "AT_AddInherit":
    case "AT_DropInherit":
      return otherTable(table, subtype, command);
    default:
      return action("alter_table", {
        table,
        name: known(command.name),
        touches: new Touches().table("alter", table),
        details: { ...switched(subtype), ...(isTuning(subtype, command) && { tuning: true }) },
      });
  }
}

/** ENABLE TRIGGER in its forms (REPLICA and ALWAYS among them), and DISABLE TRIGGER. */
function switched(subtype: Command): Details {
  if (/^AT_Enable(?:Always|Replica)?Trig/.test(subtype)) return { triggers: "enabled" };
  return subtype.startsWith("AT_DisableTrig") ? { triggers: "disabled" } : {};
}

/** The server takes SHARE UPDATE EXCLUSIVE for these, which stops neither queries nor writers. */
const tuning = new Set<Command>([
  "AT_SetStatistics",
  "AT_SetOptions",
  "AT_ResetOptions",
  "AT_SetRelOptions",
  "AT_ResetRelOptions",
  "AT_ClusterOn",
  "AT_DropCluster",
]);

/** Of all table options only `user_catalog_table` locks the table. */
const isTuning = (subtype: Command, { def }: AlterTableCmd): boolean =>
  tuning.has(subtype) &&
  !all(as(def, "List")?.items, "DefElem").some(({ defname }) => defname === "user_catalog_table");

function addColumn(table: QualifiedName | undefined, column: ColumnDef | undefined, ifExists: boolean): Action {
  const definition = readDefinition(column);
  const touches = new Touches().table("alter", table);
  if (!column || !definition) return action("add_column", { table, touches, incomplete: true });
  touches.columns("create", table, [definition.name]);
  touchDefinition(touches, table, column, definition.name);
  const { references } = referencesOf(definition.constraints);
  const [referencedTable] = references ?? [];
  return action("add_column", {
    table,
    columns: [definition.name],
    touches,
    details: {
      definitions: [withoutConstraints(definition)],
      ...(definition.constraints.some(({ contype }) => contype === "CONSTR_UNIQUE" || contype === "CONSTR_PRIMARY") && {
        unique: true,
      }),
      ...(referencedTable && { referencedTable }),
      ...(references && { references }),
      ...(ifExists && { ifExists }),
    },
  });
}

function dropColumn(table: QualifiedName | undefined, command: AlterTableCmd): Action {
  const name = known(command.name);
  const touches = new Touches().table("alter", table).columns("drop", table, [name ?? "*"]);
  const cascade = command.behavior === "DROP_CASCADE";
  return action("drop_column", {
    table,
    columns: name === undefined ? [] : [name],
    touches,
    incomplete: cascade,
    details: { ...(command.missing_ok && { ifExists: true }), ...(cascade && { cascade }) },
  });
}

function constraintFromIndex(table: QualifiedName | undefined, made: Action, index: string): Action {
  const touches = new Touches().addAll(made.touches).add("require", besideTable("index", index, table));
  return { ...made, touches: touches.list };
}

function dropConstraint(table: QualifiedName | undefined, command: AlterTableCmd): Action {
  const name = known(command.name);
  const touches = new Touches().table("alter", table).table("relax", table);
  if (name !== undefined) touches.add("drop", besideTable("constraint", name, table));
  const cascade = command.behavior === "DROP_CASCADE";
  return action("drop_constraint", {
    table,
    name,
    touches,
    incomplete: name === undefined || cascade,
    details: { ...(command.missing_ok && { ifExists: true }), ...(cascade && { cascade }) },
  });
}

function validateConstraint(table: QualifiedName | undefined, name: string | undefined): Action {
  const touches = new Touches().table("constrain", table);
  if (name !== undefined) touches.add("require", besideTable("constraint", name, table));
  return action("validate_constraint", { table, name, touches });
}

function alterColumn(table: QualifiedName | undefined, subtype: Command, command: AlterTableCmd): Action {
  const name = known(command.name);
  const touches = new Touches().table("alter", table).columns("alter", table, [name ?? "*"]);
  const of = (details: Details): Action =>
    action("alter_column", { table, columns: name === undefined ? [] : [name], touches, details });
  switch (subtype) {
    case "AT_SetNotNull":
      touches.columns("constrain", table, [name ?? "*"]);
      return of({ nullable: false });
    case "AT_DropNotNull":
      touches.columns("relax", table, [name ?? "*"]);
      return of({ nullable: true });
    case "AT_ColumnDefault":
      readInto(touches, command.def);
      // DEFAULT NULL is the same as none.
      return of({ serverDefault: command.def !== undefined && !isNull(command.def) });
    case "AT_AlterColumnType": {
      const column = as(command.def, "ColumnDef");
      if (column) touchDefinition(touches, table, column, name);
      readInto(touches, column?.raw_default, table);
      const newType = renderType(column?.typeName);
      return of(newType === undefined ? {} : { newType });
    }
    default:
      return of({});
  }
}

/** Partitions and inheritance: a second table takes part. */
function otherTable(table: QualifiedName | undefined, subtype: Command, command: AlterTableCmd): Action {
  const partition = as(command.def, "PartitionCmd");
  const second = nameOfTable(partition?.name ?? as(command.def, "RangeVar"));
  const touches = new Touches().table("alter", table).table("alter", second);
  if (subtype === "AT_AttachPartition") touches.table("constrain", second);
  return action("alter_table", {
    table,
    name: second?.name,
    touches,
    details: partition?.concurrent ? { concurrently: true } : {},
  });
}

/** `ALTER TABLE … RENAME …` of a table, a column or a constraint. */
export function renameInTable(rename: RenameStmt): Action {
  const table = nameOfTable(rename.relation);
  const from = known(rename.subname);
  const to = known(rename.newname);
  const details: Details = { ...(to !== undefined && { newName: to }), ...(rename.missing_ok && { ifExists: true }) };
  const touches = new Touches();
  if (rename.renameType === "OBJECT_COLUMN" || rename.renameType === "OBJECT_ATTRIBUTE") {
    touches.table("alter", table).columns("rename", table, [from ?? "*"]);
    if (to !== undefined && table) touches.add("create", columnEntity(table, to));
    return action("alter_column", { table, columns: from === undefined ? [] : [from], touches, details });
  }
  if (rename.renameType === "OBJECT_TABCONSTRAINT") {
    touches.table("alter", table);
    if (from !== undefined) touches.add("rename", besideTable("constraint", from, table));
    if (to !== undefined) touches.add("create", besideTable("constraint", to, table));
    return action("rename_constraint", { table, name: from, touches, details, incomplete: from === undefined });
  }
  touches.table("rename", table);
  if (to === undefined) touches.incomplete = true;
  else
    touches.add("create", tableEntity(table?.schema === undefined ? { name: to } : { schema: table.schema, name: to }));
  return action("rename_table", { table, touches, details });
}
