/** Order between two changes of definitions. */
import { renderName, type ActionKind, type QualifiedName } from "../sql/action.ts";
import { columnsOf, disjoint, maybeSame, relationsOf, sharedRelation, type Placed } from "./footprint.ts";

const newObjects: readonly ActionKind[] = ["create_type", "create_sequence", "create_schema", "create_extension"];
const oldObjects: readonly ActionKind[] = ["drop_type", "drop_sequence"];
const views: readonly ActionKind[] = ["create_view", "alter_view", "drop_view"];
const conditions: readonly ActionKind[] = [
  "create_check_constraint",
  "create_exclude_constraint",
  "create_foreign_key",
  "create_primary_key",
  "create_unique_constraint",
];
const ofTables: readonly ActionKind[] = [
  "add_column",
  "alter_column",
  "drop_column",
  "create_table",
  "drop_table",
  "rename_table",
  "create_index",
  "drop_index",
  "drop_constraint",
  "validate_constraint",
  "rename_constraint",
  "rename_index",
  "alter_table",
  ...conditions,
];

const is = (kinds: readonly ActionKind[], { kind }: Placed): boolean => kinds.includes(kind);

export function schemaAndSchema(first: Placed, second: Placed): string | undefined {
  const name = sharedName(first, second);
  if (name !== undefined) return `both concern ${name}`;
  if (is(views, first) || is(views, second)) return viewAnd(first, second);
  // What comes into being later cannot have been needed before, nor what is gone be needed after.
  if (is(newObjects, second) && is(ofTables, first)) return undefined;
  if (is(oldObjects, first) && is(ofTables, second)) return undefined;
  if (!is(ofTables, first) || !is(ofTables, second)) return `${label(second)} may depend on ${label(first)}`;
  return tables(first, second);
}

const label = ({ kind, name }: Placed): string => (name === undefined ? kind : `${kind} ${name}`);

/** A thing of its own name (an index, a type …) that both are about; two that only need it do not disturb each other. */
function sharedName(first: Placed, second: Placed): string | undefined {
  interface Own {
    readonly name: QualifiedName;
    readonly needs: boolean;
  }
  const own = (action: Placed): readonly Own[] => [
    ...(action.name === undefined || action.kind === "create_table"
      ? []
      : [{ name: { name: action.name }, needs: false }]),
    ...action.touches.flatMap(({ how, on }) =>
      on.type === "table" || on.type === "column"
        ? []
        : [{ name: on.name, needs: how === "require" || how === "read" }],
    ),
  ];
  const found = own(first).find((one) =>
    own(second).some((other) => !(one.needs && other.needs) && maybeSame(one.name, other.name)),
  );
  return found?.name.name;
}

function viewAnd(first: Placed, second: Placed): string | undefined {
  const additive = (action: Placed): boolean =>
    action.kind === "add_column" || action.kind === "create_table" || action.kind === "create_index";
  const shared = sharedRelation(first, second);
  if (shared === undefined && (additive(first) || additive(second))) return undefined;
  const [view, other] = is(views, first) ? [first, second] : [second, first];
  if (view.kind === "create_view" && other.kind.endsWith("_column") && other.table !== undefined) {
    const { table } = other;
    const shown = view.touches.flatMap(({ how, on }) =>
      how === "read" && on.type === "column" && maybeSame(on.name, table) ? [(on.column ?? "*").toLowerCase()] : [],
    );
    if (view.confidence !== "likely" && disjoint(shown, columnsOf(other))) return undefined;
  }
  return `a view may show what ${label(other)} changes`;
}

/** Things that a foreign key of one table may hold in another, in a way that the file need not show. */
function foreignKeys(first: Placed, second: Placed): string | undefined {
  const frees = ["drop_table", "drop_column", "drop_constraint"].includes(first.kind);
  const held =
    ["drop_table", "drop_column", "drop_constraint", "drop_index"].includes(second.kind) ||
    (second.kind === "alter_column" && second.details.newType !== undefined);
  return frees && held
    ? `a foreign key that goes with ${label(first)} may hold what ${label(second)} is about`
    : undefined;
}

function tables(first: Placed, second: Placed): string | undefined {
  if (first.table === undefined || second.table === undefined) {
    return `it is not known which table ${label(first.table === undefined ? first : second)} is about`;
  }
  if (maybeSame(first.table, second.table)) return sameTable(first, second);
  const shared = sharedRelation(first, second);
  if (shared !== undefined) return reference(first, second, shared);
  const lost =
    first.kind === "drop_table" || first.kind === "rename_table" ? first.table.name.toLowerCase() : undefined;
  if (lost !== undefined && second.name?.toLowerCase().includes(lost) === true)
    return `the name ${second.name} may be taken until ${lost} is gone`;
  return foreignKeys(first, second);
}

/** One of them points at the other's table. */
function reference(first: Placed, second: Placed, shared: QualifiedName): string | undefined {
  const pointing = second.table !== undefined && maybeSame(second.table, shared) ? first : second;
  const target = pointing === first ? second : first;
  const harmless = target.kind === "add_column" || (target.kind === "create_index" && target.details.unique !== true);
  const needed = pointing.touches.flatMap(({ on }) =>
    on.type === "column" && maybeSame(on.name, shared) ? (on.column ?? []).toString() : [],
  );
  const direct = target.table !== undefined && maybeSame(target.table, shared);
  if (
    direct &&
    harmless &&
    disjoint(
      needed.map((name) => name.toLowerCase()),
      columnsOf(target),
    )
  )
    return undefined;
  return `both concern ${renderName(shared)}`;
}

const columnKinds: readonly ActionKind[] = ["add_column", "alter_column", "drop_column", "create_index", ...conditions];
const dropsCondition: readonly ActionKind[] = ["drop_index", "drop_constraint"];

function sameTable(first: Placed, second: Placed): string | undefined {
  const table = first.table ? renderName(first.table) : "the table";
  const both = `both concern ${table}`;
  if (first.kind === "add_column" && second.kind === "add_column") return `the columns of ${table} keep their order`;
  // Before a table is made, or once it is gone or has another name, nothing can be done to it.
  if (!is(columnKinds, first) || !is(columnKinds, second)) {
    const free =
      (is(dropsCondition, first) && isFreeOfDrops(second)) || (is(dropsCondition, second) && isFreeOfDrops(first));
    return free ? undefined : both;
  }
  if (relationsOf(first).length > 1 && relationsOf(second).length > 1) return both;
  if (is(conditions, first) && is(conditions, second)) return both;
  if (first.kind === "drop_column" && (second.kind === "drop_column" || second.kind === "alter_column")) return both;
  if (second.kind === "drop_column" && first.kind === "alter_column") return both;
  const named = is(conditions, first) || is(conditions, second);
  const nullability = [first, second].some(
    (a) => a.kind === "alter_column" && a.details.newType === undefined && a.details.newName === undefined,
  );
  if ((first.kind === "create_index" || second.kind === "create_index") && nullability) return undefined;
  if (first.details.expression === true || second.details.expression === true) return both;
  if (disjoint(columnsOf(first), columnsOf(second))) return undefined;
  if (first.kind === "create_index" && second.kind === "create_index" && !named) return undefined;
  return both;
}

/** Indifferent to an index or constraint of the same table that goes: it is about a column, and not about its rows. */
const isFreeOfDrops = ({ kind }: Placed): boolean => kind === "add_column" || kind === "create_index";
