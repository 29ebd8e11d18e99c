/** What a statement of PostgreSQL does. */
import type { Action, Details } from "../action.ts";
import { action, opaque, Touches } from "../draft.ts";
import { known, knownName } from "../hole.ts";
import { alterTable } from "./alter-table.ts";
import { blockActions } from "./block.ts";
import { createTable, createTableAs } from "./create-table.ts";
import { createFunction, createTrigger } from "./functions.ts";
import { createIndex } from "./indexes.ts";
import { cluster, commentOn, grant, lockTables, refresh, reindex, setVariable, vacuum } from "./upkeep.ts";
import { about, alterObject, createView, drop, named, policy, renameObject } from "./objects.ts";
import { alterDomain, alterEnum, createComposite, createDomain, createEnum } from "./own-types.ts";
import { renameInTable, renameInView } from "./rename.ts";
import { readInto, rowAction } from "./rows.ts";
import type { Scope } from "../scope.ts";
import { sequenceAction } from "./sequence.ts";
import type { SqlText } from "./text.ts";
import { callsIn } from "./value.ts";
import { all, as, dotted, nameOfTable, objectName, strings, type Node, type NodeKind, type NodeOf } from "./tree.ts";

type Reader<K extends NodeKind> = (
  statement: NodeOf<K>,
  node: Node,
  context: Context,
) => Action | readonly Action[] | undefined;
type Readers = { readonly [K in NodeKind]?: Reader<K> };

/** Where a statement stands. */
export interface Context {
  readonly text: SqlText;
  /** What is around it: the variables of a PL/pgSQL block. */
  readonly scope?: Scope;
}

const rows = (_: unknown, node: Node, { scope }: Context): readonly Action[] | undefined => {
  const also: Action[] = [];
  const main = rowAction(node, scope, also);
  return main && [...also, main];
};

const views = new Set(["OBJECT_VIEW", "OBJECT_MATVIEW"]);
const renamedInTable = new Set(["OBJECT_TABLE", "OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_FOREIGN_TABLE"]);

const readers: Readers = {
  SelectStmt: rows,
  InsertStmt: rows,
  UpdateStmt: rows,
  DeleteStmt: rows,
  MergeStmt: rows,
  TruncateStmt: rows,
  CopyStmt: rows,
  CreateStmt: (create, _, { text }) => createTable(create, text),
  CreateTableAsStmt: createTableAs,
  CreateForeignTableStmt: ({ base }, _, { text }) => base && createTable(base, text, { foreign: true }),
  AlterTableStmt: (alter, _, { text }) => alterTable(alter, text),
  IndexStmt: (index, _, { text }) => createIndex(index, text),
  RenameStmt: (rename) => {
    if (rename.renameType === "OBJECT_COLUMN" && views.has(rename.relationType ?? "")) return renameInView(rename);
    return renamedInTable.has(rename.renameType ?? "") ? renameInTable(rename) : renameObject(rename);
  },
  AlterObjectSchemaStmt: (alter) =>
    alterObject(alter.objectType, nameOfTable(alter.relation), alter.object, alter.newschema),
  AlterOwnerStmt: (alter) =>
    alterObject(alter.objectType, nameOfTable(alter.relation), alter.object, undefined, alter.newowner?.rolename),
  DropStmt: drop,
  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  CompositeTypeStmt: createComposite,
  CreateRangeStmt: ({ typeName }) =>
    named("create_type", "type", dotted(typeName), new Touches(), { typeKind: "range" }),
  AlterTypeStmt: ({ typeName }) => named("alter_type", "type", dotted(typeName)),
  CreateDomainStmt: (create, _, { text }) => createDomain(create, text),
  AlterDomainStmt: (alter, _, { text }) => alterDomain(alter, text),
  DefineStmt: ({ kind, defnames }) =>
    kind === "OBJECT_TYPE"
      ? named("create_type", "type", dotted(defnames), new Touches(), { typeKind: "base" })
      : named("create_other", kind === "OBJECT_AGGREGATE" ? "function" : "other", dotted(defnames)),
  ViewStmt: createView,
  CreateFunctionStmt: (create, _, { text }) => createFunction(create, text, actionsOf),
  AlterFunctionStmt: ({ func }) => named("alter_other", "function", dotted(func?.objname)),
  CreateTrigStmt: createTrigger,
  CreatePolicyStmt: (create) =>
    policy("create_policy", nameOfTable(create.table), create.policy_name, [create.qual, create.with_check]),
  AlterPolicyStmt: (alter) =>
    policy("alter_other", nameOfTable(alter.table), alter.policy_name, [alter.qual, alter.with_check]),
  CreateSeqStmt: (create) => sequenceAction(create, "create_sequence"),
  AlterSeqStmt: (alter) => sequenceAction(alter, "alter_sequence"),
  CreateExtensionStmt: ({ extname, if_not_exists, options }) => {
    const schema = all(options, "DefElem").find(({ defname }) => defname === "schema")?.arg;
    const inSchema = as(schema, "String")?.sval;
    return named("create_extension", "extension", knownName(undefined, extname), new Touches(), {
      ...(if_not_exists && { ifNotExists: true }),
      ...(inSchema !== undefined && { inSchema }),
    });
  },
  AlterExtensionStmt: ({ extname }) => named("alter_other", "extension", knownName(undefined, extname)),
  CreateSchemaStmt: (create, _, context) => [
    named(
      "create_schema",
      "schema",
      knownName(undefined, create.schemaname),
      new Touches(),
      create.if_not_exists ? { ifNotExists: true } : {},
    ),
    ...(create.schemaElts ?? []).flatMap((element) => actionsOf(element, context)),
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
  CommentStmt: commentOn,
  SecLabelStmt: ({ objtype, object }) => about(objtype, object, { command: "SECURITY LABEL" }),
  GrantStmt: grant,
  GrantRoleStmt: ({ is_grant }) => action("maintenance", { details: { command: is_grant ? "GRANT" : "REVOKE" } }),
  AlterDefaultPrivilegesStmt: () => action("maintenance", { details: { command: "ALTER DEFAULT PRIVILEGES" } }),
  ReindexStmt: reindex,
  VacuumStmt: vacuum,
  ClusterStmt: cluster,
  RefreshMatViewStmt: refresh,
  VariableSetStmt: setVariable,
  VariableShowStmt: ({ name }) => action("set", { name: known(name) }),
  ConstraintsSetStmt: () => action("set", { name: "constraints" }),
  DiscardStmt: () => action("set", { name: "discard" }),
  LockStmt: lockTables,
  TransactionStmt: ({ kind }) => action("transaction", { name: kind?.replace("TRANS_STMT_", "").toLowerCase() }),
  NotifyStmt: () => action("select"),
  ListenStmt: () => action("set"),
  UnlistenStmt: () => action("set"),
  CheckPointStmt: () => action("maintenance", { details: { command: "CHECKPOINT" } }),
  DoStmt: (block) => blockActions(block, actionsOf),
  CallStmt: ({ funccall }) =>
    action("call", {
      name: known(strings(funccall?.funcname).at(-1)),
      incomplete: true,
      details: { calls: callsIn({ FuncCall: funccall }) },
    }),
  ExplainStmt: ({ query, options }, _, context) =>
    explained(
      query,
      all(options, "DefElem").some((option) => option.defname === "analyze"),
      context,
    ),
  // Until it is executed it does nothing.
  PrepareStmt: () => action("set"),
  DeallocateStmt: () => action("set"),
  ExecuteStmt: () => opaque(),
  CreateRoleStmt: ({ role, options }) =>
    named("create_other", "other", knownName(undefined, role), new Touches(), superuserOf(options)),
  AlterRoleStmt: ({ role, options }) =>
    named("alter_other", "other", knownName(undefined, role?.rolename), new Touches(), superuserOf(options)),
  DropRoleStmt: ({ roles }) =>
    all(roles, "RoleSpec").map((role) => named("drop_other", "other", knownName(undefined, role.rolename))),
};

const superuserOf = (options: readonly Node[] | undefined): Pick<Details, "privilege"> =>
  all(options, "DefElem").some(({ defname, arg }) => defname === "superuser" && as(arg, "Boolean")?.boolval === true)
    ? { privilege: "superuser" }
    : {};

/** Never empty; `opaque` for a statement that is not in the table above. */
export function actionsOf(node: Node, context: Context): readonly Action[] {
  for (const kind of Object.keys(node) as NodeKind[]) {
    const reader = (
      readers as Record<
        string,
        ((statement: unknown, node: Node, context: Context) => Action | readonly Action[] | undefined) | undefined
      >
    )[kind];
    const read = reader ? reader(as(node, kind), node, context) : unlisted(kind, node);
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
function explained(query: Node | undefined, runs: boolean, context: Context): readonly Action[] {
  if (runs && query) return actionsOf(query, context);
  const touches = new Touches();
  readInto(touches, query);
  return [action("select", { touches })];
}
