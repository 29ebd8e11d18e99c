/** Statements that define nothing and change no rows: VACUUM, REINDEX, COMMENT, GRANT, SET, LOCK and their like. */
import { lockModes } from "../lock-modes.ts";
import type {
  ClusterStmt,
  CommentStmt,
  DefElem,
  GrantStmt,
  LockStmt,
  RefreshMatViewStmt,
  ReindexStmt,
  VacuumStmt,
  VariableSetStmt,
} from "libpg-query";
import { tableEntity, type Action, type Details, type QualifiedName } from "../action.ts";
import { action, Touches } from "../draft.ts";
import { hasHole, known } from "../hole.ts";
import { about } from "./objects.ts";
import { all, as, nameOfTable, stringConstant, type Node } from "./tree.ts";

/** About tables that must be there. */
function upkeep(tables: readonly (QualifiedName | undefined)[], details: Details): Action {
  const touches = new Touches();
  for (const table of tables) if (table) touches.add("require", tableEntity(table));
  return action("maintenance", { table: tables[0], touches, details });
}

/** Is an option such as FULL or CONCURRENTLY on? Without a value it is. */
function isOn(options: readonly Node[] | undefined, name: string): boolean {
  const option: DefElem | undefined = all(options, "DefElem").find(({ defname }) => defname === name);
  if (!option) return false;
  const word = as(option.arg, "String")?.sval?.toLowerCase();
  return !(word === "false" || word === "off" || (as(option.arg, "Integer") && !as(option.arg, "Integer")?.ival));
}

export function vacuum({ rels, options, is_vacuumcmd }: VacuumStmt): Action {
  const tables = all(rels, "VacuumRelation").map(({ relation }) => nameOfTable(relation));
  const command = is_vacuumcmd ? (isOn(options, "full") ? "VACUUM FULL" : "VACUUM") : "ANALYZE";
  return upkeep(tables, { command });
}

export function cluster({ relation, indexname }: ClusterStmt): Action {
  const index = known(indexname);
  return upkeep([nameOfTable(relation)], {
    command: "CLUSTER",
    ...(index !== undefined && { alteration: { command: "cluster_on", argument: index } }),
  });
}

export function reindex({ kind, relation, name: given, params }: ReindexStmt): Action {
  const name = nameOfTable(relation);
  const details: Details = {
    command: `REINDEX ${(kind ?? "REINDEX_OBJECT_TABLE").slice("REINDEX_OBJECT_".length)}`,
    ...(isOn(params, "concurrently") && { concurrently: true }),
  };
  if (kind === "REINDEX_OBJECT_TABLE") return upkeep([name], details);
  const touches = new Touches();
  if (name) touches.add("require", { type: "index", name });
  return action("maintenance", { name: name?.name ?? known(given), touches, details });
}

export function refresh({ relation, concurrent, skipData }: RefreshMatViewStmt): Action {
  const name = nameOfTable(relation);
  const touches = new Touches();
  if (name) touches.add("require", { type: "view", name });
  const details: Details = {
    command: "REFRESH MATERIALIZED VIEW",
    materialized: true,
    ...(concurrent && { concurrently: true }),
    ...(skipData && { options: { withoutData: true } }),
  };
  return action("maintenance", { name: name?.name, touches, details });
}

export function commentOn({ objtype, object, comment }: CommentStmt): Action {
  const isKnown = comment === undefined || !hasHole(comment);
  const details: Details = { command: "COMMENT", ...(isKnown && { comment: comment ?? null }) };
  if (objtype !== "OBJECT_TABLE") return about(objtype, object, details);
  return about(objtype, object, details, comment === undefined ? "drop_table_comment" : "create_table_comment");
}

export function grant({ objtype, objects, targtype, is_grant, grantees, privileges }: GrantStmt): readonly Action[] {
  const toPublic = all(grantees, "RoleSpec").some(({ roletype }) => roletype === "ROLESPEC_PUBLIC");
  // No list of rights: ALL PRIVILEGES.
  const privilege = toPublic ? ("public" as const) : privileges?.length ? undefined : ("all" as const);
  const details: Details = {
    command: is_grant ? "GRANT" : "REVOKE",
    ...(is_grant && privilege && { privilege }),
  };
  return targtype === "ACL_TARGET_OBJECT" && objects?.length
    ? objects.map((object) => about(objtype, object, details))
    : [action("maintenance", { details })];
}

export function lockTables({ relations, mode = 8, nowait }: LockStmt): Action {
  const touches = new Touches();
  const tables = all(relations, "RangeVar").map(nameOfTable);
  for (const table of tables) touches.table("require", table);
  const lockMode = lockModes[mode - 1];
  return action("lock", {
    table: tables[0],
    touches,
    details: { ...(lockMode && { lockMode }), ...(nowait && { nowait: true as const }) },
  });
}

export function setVariable({ kind, name: given, args, is_local }: VariableSetStmt): Action {
  const name = known(given);
  const value = kind === "VAR_SET_VALUE" ? valueText(args) : undefined;
  return action("set", {
    name,
    details:
      name === undefined
        ? {}
        : {
            setting: {
              name,
              ...(value !== undefined && { value }),
              ...(is_local && { local: true as const }),
            },
          },
  });
}

/** Several values, as `search_path` may have, with commas between them. */
function valueText(args: readonly Node[] | undefined): string | undefined {
  const texts = (args ?? []).map((arg) => {
    const constant = as(arg, "A_Const");
    if (constant?.boolval) return constant.boolval.boolval ? "on" : "off";
    return (
      stringConstant(arg) ?? constant?.fval?.fval ?? (constant?.ival ? String(constant.ival.ival ?? 0) : undefined)
    );
  });
  return texts.length > 0 && texts.every((text) => text !== undefined && !hasHole(text)) ? texts.join(", ") : undefined;
}
