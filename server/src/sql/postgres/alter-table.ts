/** ALTER TABLE, one action for each of its subcommands. */
import type { AlterTableCmd, AlterTableStmt, ColumnDef, ObjectType } from "libpg-query";
import {
  besideTable,
  type Action,
  type ActionKind,
  type Details,
  type EntityType,
  type QualifiedName,
} from "../action.ts";
import { action, Touches } from "../draft.ts";
import { known } from "../hole.ts";
import { readAlteration } from "./alteration.ts";
import { constraintAction, readDefinition, referencesOf, touchDefinition } from "./columns.ts";
import type { Site } from "./constraints.ts";
import { boundText } from "./create-table.ts";
import { readInto } from "./rows.ts";
import { readIdentity, readIdentityChange } from "./sequence.ts";
import type { SqlText } from "./text.ts";
import { all, as, isNull, nameOfTable, strings } from "./tree.ts";
import { columnType, renderType } from "./types.ts";
import { behind, bracketed } from "./value.ts";

export function alterTable(alter: AlterTableStmt, text: SqlText): readonly Action[] {
  const table = nameOfTable(alter.relation);
  const commands = all(alter.cmds, "AlterTableCmd");
  const of = ofOthers[alter.objtype ?? "OBJECT_TABLE"];
  const actions = of
    ? commands.map((command) => alterNamed(of, table, command))
    : commands.map((command) => alterCommand({ table, text }, command));
  if (!alter.missing_ok) return actions;
  return actions.map((one) => ({ ...one, details: { ...one.details, ifExists: true } }));
}

interface Other {
  readonly kind: ActionKind;
  readonly type: EntityType;
  readonly details?: Details;
}

/** What ALTER TABLE and its like change that is no table. */
const ofOthers: Partial<Record<ObjectType, Other>> = {
  OBJECT_INDEX: { kind: "alter_other", type: "index" },
  OBJECT_SEQUENCE: { kind: "alter_sequence", type: "sequence" },
  OBJECT_VIEW: { kind: "alter_view", type: "view" },
  OBJECT_MATVIEW: { kind: "alter_view", type: "view", details: { materialized: true } },
  OBJECT_TYPE: { kind: "alter_type", type: "type", details: { typeKind: "composite" } },
};

function alterNamed({ kind, type, details }: Other, name: QualifiedName | undefined, command: AlterTableCmd): Action {
  const touches = new Touches();
  if (name) touches.add("alter", { type, name });
  const told = type === "type" ? attribute(command) : readAlteration(command);
  const second = nameOfTable(as(command.def, "PartitionCmd")?.name);
  if (second) touches.add("alter", { type, name: second });
  const { alteration } = told;
  const attached = alteration && second ? { alteration: { ...alteration, table: second } } : {};
  return action(kind, { name: name?.name, touches, details: { ...details, ...told, ...attached }, incomplete: !name });
}

/** `ALTER TYPE … ADD ATTRIBUTE` and its like are written as if the type were a table. */
function attribute(command: AlterTableCmd): Details {
  const column = as(command.def, "ColumnDef");
  const sqlType = columnType(column?.typeName);
  const name = known(column?.colname ?? command.name);
  if (command.subtype === "AT_AddColumn")
    return {
      alteration: { command: "add_attribute" },
      ...(name !== undefined && { definitions: [{ name, ...(sqlType && { sqlType }) }] }),
    };
  const argument = name === undefined ? {} : { argument: name };
  if (command.subtype === "AT_DropColumn") return { alteration: { command: "drop_attribute", ...argument } };
  return { alteration: { command: "alter_attribute", ...argument }, ...(sqlType && { newSqlType: sqlType }) };
}

type Command = NonNullable<AlterTableCmd["subtype"]>;

function alterCommand(site: Site, command: AlterTableCmd): Action {
  const { table } = site;
  const subtype: Command = command.subtype ?? "AT_AddColumn";
  switch (subtype) {
    case "AT_AddColumn":
      return addColumn(site, as(command.def, "ColumnDef"), command.missing_ok === true);
    case "AT_DropColumn":
      return dropColumn(table, command);
    case "AT_AddConstraint": {
      const constraint = as(command.def, "Constraint");
      return constraint?.indexname === undefined
        ? constraintAction(constraint ?? {}, site)
        : constraintFromIndex(table, constraintAction(constraint, site), constraint.indexname);
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
      return alterColumn(site, command);
    case "AT_AttachPartition":
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize":
    case "AT_AddInherit":
    case "AT_DropInherit":
      return otherTable(site, command);
    default:
      return action("alter_table", {
        table,
        name: known(command.name),
        touches: new Touches().table("alter", table),
        details: {
          ...switched(subtype),
          ...(isTuning(subtype, command) && { tuning: true }),
          ...readAlteration(command),
        },
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

function addColumn(site: Site, column: ColumnDef | undefined, ifNotExists: boolean): Action {
  const { table } = site;
  const definition = readDefinition(column, site);
  const touches = new Touches().table("alter", table);
  if (!column || !definition) return action("add_column", { table, touches, incomplete: true });
  const { name } = definition.column;
  touches.columns("create", table, [name]);
  touchDefinition(touches, table, column, name);
  const { references } = referencesOf(definition.inline);
  const [referencedTable] = references ?? [];
  const unique = definition.constraints.some(({ type }) => type === "unique" || type === "primary_key");
  return action("add_column", {
    table,
    columns: [name],
    touches,
    details: {
      definitions: [definition.column],
      ...(definition.constraints.length > 0 && { constraints: definition.constraints }),
      ...(unique && { unique }),
      ...(referencedTable && { referencedTable }),
      ...(references && { references }),
      ...(ifNotExists && { ifNotExists }),
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

function alterColumn(site: Site, command: AlterTableCmd): Action {
  const { table, text } = site;
  const name = known(command.name);
  const touches = new Touches().table("alter", table).columns("alter", table, [name ?? "*"]);
  const of = (details: Details): Action =>
    action("alter_column", { table, columns: name === undefined ? [] : [name], touches, details });
  switch (command.subtype) {
    case "AT_SetNotNull":
      touches.columns("constrain", table, [name ?? "*"]);
      return of({ nullable: false });
    case "AT_DropNotNull":
      touches.columns("relax", table, [name ?? "*"]);
      return of({ nullable: true });
    case "AT_ColumnDefault":
      readInto(touches, command.def);
      // DEFAULT NULL is the same as none.
      if (command.def === undefined || isNull(command.def)) return of({ serverDefault: false });
      return of({ serverDefault: true, newDefault: behind("default", command.def, text) });
    case "AT_AlterColumnType":
      return of(newType(site, as(command.def, "ColumnDef"), name, touches));
    case "AT_AddIdentity":
      return of({ identity: readIdentity(as(command.def, "Constraint") ?? {}) });
    case "AT_SetIdentity":
      return of({
        identity: readIdentityChange(as(command.def, "List")?.items),
        alteration: { command: "set_identity" },
      });
    case "AT_DropIdentity":
      return of({ identity: "dropped", ...(command.missing_ok && { ifExists: true }) });
    case "AT_SetExpression":
      readInto(touches, command.def, table);
      return of({ computed: bracketed("as", command.def, text), alteration: { command: "set_expression" } });
    case "AT_DropExpression":
      return of({ computed: "dropped", ...(command.missing_ok && { ifExists: true }) });
    default:
      return of({});
  }
}

function newType(
  { table, text }: Site,
  column: ColumnDef | undefined,
  name: string | undefined,
  touches: Touches,
): Details {
  if (!column) return {};
  touchDefinition(touches, table, column, name);
  readInto(touches, column.raw_default, table);
  const written = renderType(column.typeName);
  const newSqlType = columnType(column.typeName);
  const collation = strings(column.collClause?.collname).at(-1);
  return {
    ...(written !== undefined && { newType: written }),
    ...(newSqlType && { newSqlType }),
    ...(collation !== undefined && { collation }),
    ...(column.raw_default && { using: behind("using", column.raw_default, text) }),
  };
}

/** Partitions and inheritance: a second table takes part. */
function otherTable({ table, text }: Site, command: AlterTableCmd): Action {
  const partition = as(command.def, "PartitionCmd");
  const second = nameOfTable(partition?.name ?? as(command.def, "RangeVar"));
  const touches = new Touches().table("alter", table).table("alter", second);
  if (command.subtype === "AT_AttachPartition") touches.table("constrain", second);
  const bound = partition?.bound && boundText(partition.bound, text);
  const { alteration } = readAlteration(command);
  return action("alter_table", {
    table,
    name: second?.name,
    touches,
    details: {
      ...(partition?.concurrent && { concurrently: true }),
      ...(alteration && {
        alteration: { ...alteration, ...(second && { table: second }), ...(bound !== undefined && { bound }) },
      }),
    },
  });
}
