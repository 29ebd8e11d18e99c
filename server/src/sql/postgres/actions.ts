/** What a statement of PostgreSQL does. */
import { tableEntity, type Action, type QualifiedName } from "../action.ts";
import { action, opaque, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { blockActions } from "./block.ts";
import {
  about,
  alterEnum,
  alterObject,
  createFunction,
  createIndex,
  createTrigger,
  createView,
  drop,
  named,
  policy,
  renameObject,
} from "./objects.ts";
import { readInto, rowAction } from "./rows.ts";
import type { Scope } from "../scope.ts";
import { alterTable, createTable, createTableAs, renameInTable } from "./table.ts";
import { all, as, dotted, nameOfTable, objectName, strings, type Node, type NodeKind, type NodeOf } from "./tree.ts";

type Reader<K extends NodeKind> = (
  statement: NodeOf<K>,
  node: Node,
  outer: Scope | undefined,
) => Action | readonly Action[] | undefined;
type Readers = { readonly [K in NodeKind]?: Reader<K> };

const rows = (_: unknown, node: Node, outer: Scope | undefined): readonly Action[] | undefined => {
  const also: Action[] = [];
  const main = rowAction(node, outer, also);
  return main && [...also, main];
};

/** REINDEX, VACUUM and the like: about a table that must be there. */
const upkeep = (tables: readonly (QualifiedName | undefined)[]): Action => {
  const touches = new Touches();
  for (const table of tables) if (table) touches.add("require", tableEntity(table));
  return action("maintenance", { table: tables[0], touches });
};

/** `OWNED BY table.column` of a sequence. */
function ownedBy(options: readonly Node[] | undefined): Touches {
  const owner = all(options, "DefElem").find(({ defname }) => defname === "owned_by")?.arg;
  const path = strings(as(owner, "List")?.items);
  const touches = new Touches();
  if (path.length < 2) return touches;
  const table = knownName(path.at(-3), path.at(-2));
  return touches.table("require", table).columns("require", table, [known(path.at(-1)) ?? "*"]);
}

const renamedInTable = new Set(["OBJECT_TABLE", "OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_FOREIGN_TABLE"]);

const readers: Readers = {
  SelectStmt: rows,
  InsertStmt: rows,
  UpdateStmt: rows,
  DeleteStmt: rows,
  MergeStmt: rows,
  TruncateStmt: rows,
  CopyStmt: rows,
  CreateStmt: createTable,
  CreateTableAsStmt: createTableAs,
  CreateForeignTableStmt: ({ base }) => base && createTable(base),
  AlterTableStmt: alterTable,
  IndexStmt: createIndex,
  RenameStmt: (rename) => (renamedInTable.has(rename.renameType ?? "") ? renameInTable(rename) : renameObject(rename)),
  AlterObjectSchemaStmt: (alter) =>
    alterObject(alter.objectType, nameOfTable(alter.relation), alter.object, alter.newschema),
  AlterOwnerStmt: (alter) => alterObject(alter.objectType, nameOfTable(alter.relation), alter.object),
  DropStmt: drop,
  CreateEnumStmt: ({ typeName }) => named("create_type", "type", dotted(typeName)),
  AlterEnumStmt: alterEnum,
  CompositeTypeStmt: ({ typevar }) => named("create_type", "type", nameOfTable(typevar)),
  CreateRangeStmt: ({ typeName }) => named("create_type", "type", dotted(typeName)),
  AlterTypeStmt: ({ typeName }) => named("alter_type", "type", dotted(typeName)),
  CreateDomainStmt: ({ domainname }) => named("create_type", "type", dotted(domainname)),
  AlterDomainStmt: ({ typeName }) => named("alter_type", "type", dotted(typeName)),
  DefineStmt: ({ kind, defnames }) =>
    kind === "OBJECT_TYPE"
      ? named("create_type", "type", dotted(defnames))
      : named("create_other", "other", dotted(defnames)),
  ViewStmt: createView,
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: ({ func }) => named("alter_other", "function", dotted(func?.objname)),
  CreateTrigStmt: createTrigger,
  CreatePolicyStmt: (create) =>
    policy("create_policy", nameOfTable(create.table), create.policy_name, [create.qual, create.with_check]),
  AlterPolicyStmt: (alter) =>
    policy("alter_other", nameOfTable(alter.table), alter.policy_name, [alter.qual, alter.with_check]),
  CreateSeqStmt: ({ sequence, options }) =>
    named("create_sequence", "sequence", nameOfTable(sequence), ownedBy(options)),
  AlterSeqStmt: ({ sequence, options }) => named("alter_sequence", "sequence", nameOfTable(sequence), ownedBy(options)),
  CreateExtensionStmt: ({ extname, if_not_exists }) =>
    named(
      "create_extension",
      "extension",
      knownName(undefined, extname),
      new Touches(),
      if_not_exists ? { ifExists: true } : {},
    ),
  AlterExtensionStmt: ({ extname }) => named("alter_other", "extension", knownName(undefined, extname)),
  CreateSchemaStmt: (create) => [
    named(
      "create_schema",
      "schema",
      knownName(undefined, create.schemaname),
      new Touches(),
      create.if_not_exists ? { ifExists: true } : {},
    ),
    ...(create.schemaElts ?? []).flatMap((element) => actionsOf(element)),
  ],
  RuleStmt: (rule) => {
    const table = nameOfTable(rule.relation);
    return action("create_other", { table, name: known(rule.rulename), touches: new Touches().table("alter", table) });
  },
  CreateStatsStmt: (create) => {
    const touches = new Touches();
    for (const relation of all(create.relations, "RangeVar")) touches.table("require", nameOfTable(relation));
    return named("create_other", "other", dotted(create.defnames), touches);
  },
  CommentStmt: ({ objtype, object, comment }) =>
    about(
      objtype,
      object,
      objtype === "OBJECT_TABLE"
        ? comment === undefined
          ? "drop_table_comment"
          : "create_table_comment"
        : "maintenance",
    ),
  SecLabelStmt: ({ objtype, object }) => about(objtype, object),
  GrantStmt: ({ objtype, objects, targtype }) =>
    targtype === "ACL_TARGET_OBJECT" && objects?.length
      ? objects.map((object) => about(objtype, object))
      : action("maintenance"),
  GrantRoleStmt: () => action("maintenance"),
  AlterDefaultPrivilegesStmt: () => action("maintenance"),
  ReindexStmt: ({ kind, relation }) => {
    const name = nameOfTable(relation);
    if (kind !== "REINDEX_OBJECT_INDEX") return upkeep([name]);
    const touches = new Touches();
    if (name) touches.add("require", { type: "index", name });
    return action("maintenance", { name: name?.name, touches });
  },
  VacuumStmt: ({ rels }) => upkeep(all(rels, "VacuumRelation").map(({ relation }) => nameOfTable(relation))),
  ClusterStmt: ({ relation }) => upkeep([nameOfTable(relation)]),
  RefreshMatViewStmt: ({ relation, concurrent }) => {
    const name = nameOfTable(relation);
    const touches = new Touches();
    if (name) touches.add("require", { type: "view", name });
    return action("maintenance", { name: name?.name, touches, details: concurrent ? { concurrently: true } : {} });
  },
  VariableSetStmt: ({ name }) => action("set", { name: known(name) }),
  VariableShowStmt: ({ name }) => action("set", { name: known(name) }),
  ConstraintsSetStmt: () => action("set", { name: "constraints" }),
  DiscardStmt: () => action("set", { name: "discard" }),
  LockStmt: ({ relations }) => {
    const touches = new Touches();
    const tables = all(relations, "RangeVar").map(nameOfTable);
    for (const table of tables) touches.table("require", table);
    return action("lock", { table: tables[0], touches });
  },
  TransactionStmt: ({ kind }) => action("transaction", { name: kind?.replace("TRANS_STMT_", "").toLowerCase() }),
  NotifyStmt: () => action("select"),
  ListenStmt: () => action("set"),
  UnlistenStmt: () => action("set"),
  CheckPointStmt: () => action("maintenance"),
  DoStmt: (block) => blockActions(block, actionsOf),
  CallStmt: ({ funccall }) => action("call", { name: known(strings(funccall?.funcname).at(-1)), incomplete: true }),
  ExplainStmt: ({ query, options }) =>
    explained(
      query,
      all(options, "DefElem").some((option) => option.defname === "analyze"),
    ),
  // Until it is executed it does nothing.
  PrepareStmt: () => action("set"),
  DeallocateStmt: () => action("set"),
  ExecuteStmt: () => opaque(),
  CreateRoleStmt: ({ role }) => named("create_other", "other", knownName(undefined, role)),
  AlterRoleStmt: ({ role }) => named("alter_other", "other", knownName(undefined, role?.rolename)),
  DropRoleStmt: ({ roles }) =>
    all(roles, "RoleSpec").map((role) => named("drop_other", "other", knownName(undefined, role.rolename))),
};

/** Never empty; `opaque` for a statement that is not in the table above. */
export function actionsOf(node: Node, outer?: Scope): readonly Action[] {
  for (const kind of Object.keys(node) as NodeKind[]) {
    const reader = (
      readers as Record<
        string,
        | ((statement: unknown, node: Node, outer: Scope | undefined) => Action | readonly Action[] | undefined)
        | undefined
      >
    )[kind];
    const read = reader ? reader(as(node, kind), node, outer) : unlisted(kind, node);
    const actions = read === undefined ? [] : Array.isArray(read) ? (read as readonly Action[]) : [read as Action];
    if (actions.length > 0) return actions;
  }
  return [opaque()];
}

/** Rare definitions: what they define is not told, only that they define something. */
function unlisted(kind: string, node: Node): Action {
  const word = ["Create", "Alter", "Drop"].find((start) => kind.startsWith(start));
  const name = knownName(undefined, objectName(node).at(-1));
  return word
    ? action(`${word.toLowerCase() as "create" | "alter" | "drop"}_other`, { name: name?.name, incomplete: true })
    : opaque();
}

/** EXPLAIN does nothing; EXPLAIN ANALYZE runs the statement. */
function explained(query: Node | undefined, runs: boolean): readonly Action[] {
  if (runs && query) return actionsOf(query);
  const touches = new Touches();
  readInto(touches, query);
  return [action("select", { touches })];
}
