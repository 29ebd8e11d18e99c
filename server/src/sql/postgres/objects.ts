/** Definitions of what is neither a table nor an index: views, policies; and what is done to anything that has a name. */
import type { DropStmt, Node, ObjectType, RenameStmt, ViewStmt } from "libpg-query";
import {
  besideTable,
  type Action,
  type ActionKind,
  type Details,
  type EntityType,
  type QualifiedName,
} from "../action.ts";
import { type Noun, action, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { readInto } from "./rows.ts";
import { as, nameOfTable, objectName, strings } from "./tree.ts";

const nouns: Partial<Record<ObjectType, Noun>> = {
  OBJECT_TABLE: { noun: "table", type: "table" },
  OBJECT_FOREIGN_TABLE: { noun: "table", type: "table" },
  OBJECT_INDEX: { noun: "index", type: "index" },
  OBJECT_TYPE: { noun: "type", type: "type" },
  OBJECT_DOMAIN: { noun: "type", type: "type" },
  OBJECT_ATTRIBUTE: { noun: "type", type: "type" },
  OBJECT_DOMCONSTRAINT: { noun: "type", type: "type" },
  OBJECT_VIEW: { noun: "view", type: "view" },
  OBJECT_MATVIEW: { noun: "view", type: "view" },
  OBJECT_SEQUENCE: { noun: "sequence", type: "sequence" },
  OBJECT_FUNCTION: { noun: "function", type: "function" },
  OBJECT_PROCEDURE: { noun: "function", type: "function" },
  OBJECT_ROUTINE: { noun: "function", type: "function" },
  OBJECT_AGGREGATE: { noun: "function", type: "function" },
  OBJECT_TRIGGER: { noun: "trigger", type: "trigger" },
  OBJECT_POLICY: { noun: "policy", type: "policy" },
  OBJECT_SCHEMA: { noun: "schema", type: "schema" },
  OBJECT_EXTENSION: { noun: "extension", type: "extension" },
};

const nounOf = (type: ObjectType | undefined): Noun => nouns[type ?? "OBJECT_CAST"] ?? { noun: "other", type: "other" };

/** Nouns whose `alter_…` is no kind of its own. */
const alterKind = (noun: Noun["noun"]): ActionKind =>
  noun === "type" || noun === "view" || noun === "sequence" || noun === "table" ? `alter_${noun}` : "alter_other";

/** A definition that makes or changes one named thing. */
export function named(
  kind: ActionKind,
  type: EntityType,
  name: QualifiedName | undefined,
  touches = new Touches(),
  details: Details = {},
): Action {
  const how = kind.startsWith("create") ? "create" : kind.startsWith("drop") ? "drop" : "alter";
  if (name) touches.add(how, { type, name });
  return action(kind, { name: name?.name, touches, details, incomplete: name === undefined });
}

export function createView(view: ViewStmt): Action {
  const touches = new Touches();
  readInto(touches, view.query);
  const details: Details = {
    ...(view.replace && { orReplace: true }),
    ...(view.view?.relpersistence === "t" && { temporary: true }),
  };
  return { ...named("create_view", "view", nameOfTable(view.view), touches, details), columns: strings(view.aliases) };
}

export function policy(
  kind: "create_policy" | "alter_other",
  relation: QualifiedName | undefined,
  policyName: string | undefined,
  conditions: readonly unknown[],
): Action {
  const touches = new Touches().table("alter", relation);
  const name = known(policyName);
  if (name !== undefined)
    touches.add(kind === "create_policy" ? "create" : "alter", besideTable("policy", name, relation));
  readInto(touches, conditions, relation);
  return action(kind, { table: relation, name, touches });
}

export function drop(statement: DropStmt): readonly Action[] {
  const { noun, type } = nounOf(statement.removeType);
  const cascade = statement.behavior === "DROP_CASCADE";
  const details: Details = {
    ...(statement.missing_ok && { ifExists: true }),
    ...(cascade && { cascade }),
    ...(statement.concurrent && { concurrently: true }),
    ...(statement.removeType === "OBJECT_MATVIEW" && { materialized: true }),
    ...(statement.removeType === "OBJECT_DOMAIN" && { typeKind: "domain" as const }),
  };
  return (statement.objects ?? []).map((object) => dropOne(`drop_${noun}`, type, objectName(object), details));
}

/** Triggers, policies and rules are named after their table: `schema.table.name`. */
const ofTable = new Set<EntityType>(["trigger", "policy"]);

function dropOne(kind: ActionKind, type: EntityType, path: readonly string[], details: Details): Action {
  const table = ofTable.has(type) ? knownName(path.at(-3), path.at(-2)) : undefined;
  const name = table ? besideTable(type, path.at(-1) ?? "", table).name : knownName(path.at(-2), path.at(-1));
  const touches = new Touches();
  if (table) touches.table("alter", table);
  if (type === "table") touches.table("drop", name);
  else if (name && known(name.name) !== undefined) touches.add("drop", { type, name });
  const ownName = type === "table" ? undefined : known(name?.name);
  const incomplete = details.cascade === true || (type !== "table" && ownName === undefined);
  return action(kind, { table: type === "table" ? name : table, name: ownName, touches, details, incomplete });
}

/** RENAME of anything but tables, their columns and their constraints. */
export function renameObject(rename: RenameStmt): Action {
  const { noun, type } = nounOf(rename.renameType);
  const table = ofTable.has(type) ? nameOfTable(rename.relation) : undefined;
  const old = table
    ? besideTable(type, rename.subname ?? "", table).name
    : (nameOfTable(rename.relation) ?? oldName(rename));
  const to = known(rename.newname);
  const touches = new Touches();
  if (table) touches.table("alter", table);
  // A renamed attribute or constraint of a type changes the type.
  const renamesType = rename.renameType !== "OBJECT_ATTRIBUTE" && rename.renameType !== "OBJECT_DOMCONSTRAINT";
  if (old) touches.add(renamesType ? "rename" : "alter", { type, name: old });
  if (old && to !== undefined && renamesType)
    touches.add("create", { type, name: old.schema === undefined ? { name: to } : { schema: old.schema, name: to } });
  const kind: ActionKind = noun === "index" ? "rename_index" : alterKind(noun);
  return action(kind, {
    table,
    name: old?.name,
    touches,
    details: { ...renamed(rename, to), ...(rename.missing_ok && { ifExists: true }) },
    incomplete: old === undefined,
  });
}

/** Of an attribute or a domain's constraint the type is what the action is about. */
function renamed(rename: RenameStmt, to: string | undefined): Details {
  const newName = to === undefined ? {} : { newName: to };
  const part = known(rename.subname);
  const argument = part === undefined ? {} : { argument: part };
  if (rename.renameType === "OBJECT_ATTRIBUTE")
    return { ...newName, typeKind: "composite", alteration: { command: "alter_attribute", ...argument } };
  if (rename.renameType === "OBJECT_DOMCONSTRAINT")
    return { ...newName, typeKind: "domain", alteration: { command: "alter_constraint", ...argument } };
  return rename.renameType === "OBJECT_MATVIEW" ? { ...newName, materialized: true } : newName;
}

function oldName(rename: RenameStmt): QualifiedName | undefined {
  const path = objectName(rename.object);
  return path.length > 0 ? knownName(path.at(-2), path.at(-1)) : knownName(undefined, rename.subname);
}

/** `ALTER … SET SCHEMA` (then `newSchema` is given) and `ALTER … OWNER TO`. */
export function alterObject(
  objectType: ObjectType | undefined,
  relation: QualifiedName | undefined,
  object: Node | undefined,
  newSchema?: string,
  newOwner?: string,
): Action {
  const { noun, type } = nounOf(objectType);
  const path = objectName(object);
  const name = relation ?? knownName(path.at(-2), path.at(-1));
  const touches = new Touches();
  if (name) touches.add(newSchema === undefined ? "alter" : "rename", { type, name });
  const moved = newSchema === undefined ? undefined : knownName(newSchema, name?.name);
  if (moved) touches.add("create", { type, name: moved });
  const incomplete = name === undefined || (newSchema !== undefined && moved === undefined);
  const table = type === "table" ? name : undefined;
  const argument = known(newSchema ?? newOwner);
  const details: Details = {
    alteration: {
      command: newSchema === undefined ? "owner_to" : "set_schema",
      ...(argument !== undefined && { argument }),
    },
    ...(objectType === "OBJECT_MATVIEW" && { materialized: true }),
  };
  return action(alterKind(noun), { table, name: table ? undefined : name?.name, touches, details, incomplete });
}

/** COMMENT, GRANT, SECURITY LABEL: what they are about must be there. */
export function about(
  objectType: ObjectType | undefined,
  object: Node | undefined,
  details: Details,
  kind: ActionKind = "maintenance",
): Action {
  const touches = new Touches();
  const relation = as(object, "RangeVar");
  const path = relation ? [relation.schemaname ?? "", relation.relname ?? ""] : objectName(object);
  if (objectType === "OBJECT_COLUMN") {
    const table = knownName(path.at(-3), path.at(-2));
    touches.table("require", table).columns("require", table, [known(path.at(-1)) ?? "*"]);
    return action(kind, { table, columns: path.slice(-1).flatMap((name) => known(name) ?? []), touches, details });
  }
  if (objectType === "OBJECT_TABCONSTRAINT") {
    const table = knownName(path.at(-3), path.at(-2));
    touches.table("require", table);
    if (known(path.at(-1)) !== undefined) touches.add("require", besideTable("constraint", path.at(-1) ?? "", table));
    return action(kind, { table, name: known(path.at(-1)), touches, details });
  }
  const { type } = nounOf(objectType);
  const name = knownName(path.at(-2), path.at(-1));
  if (type === "table") touches.table("require", name);
  else if (name) touches.add("require", { type, name });
  return action(kind, {
    table: type === "table" ? name : undefined,
    name: type === "table" ? undefined : name?.name,
    touches,
    details: objectType === "OBJECT_MATVIEW" ? { ...details, materialized: true } : details,
  });
}
