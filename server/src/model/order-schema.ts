/** Order between two changes of definitions. */
import { renderName, type ActionKind, type QualifiedName } from "../sql/action.ts";
import {
  columnsOf,
  disjoint,
  maybeSame,
  relationsOf,
  sharedRelation,
  type Circumstances,
  type Placed,
} from "./footprint.ts";

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

export function schemaAndSchema(first: Placed, second: Placed, known: Circumstances): string | undefined {
  const name = sharedName(first, second);
  if (name !== undefined) return `both concern ${name}`;
  if (is(views, first) || is(views, second)) return viewAnd(first, second);
  // What comes into being later cannot have been needed before, nor what is gone be needed after.
  if ((is(newObjects, second) || addsValue(second)) && is(ofTables, first)) return undefined;
  if (is(oldObjects, first) && is(ofTables, second)) return undefined;
  if (!is(ofTables, first) || !is(ofTables, second)) return `${label(second)} may depend on ${label(first)}`;
  return tables(first, second, known);
}

/** To an enum that what comes before does not name. */
const addsValue = ({ kind, details }: Placed): boolean => kind === "alter_type" && details.enumValue === "added";

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
function foreignKeys(first: Placed, second: Placed, known: Circumstances): string | undefined {
  const held =
    ["drop_table", "drop_column", "drop_constraint", "drop_index"].includes(second.kind) ||
    (second.kind === "alter_column" && second.details.newType !== undefined);
  return held && mayPointAt(first, second.table, known)
    ? `a foreign key that goes with ${label(first)} may hold what ${label(second)} is about`
    : undefined;
}

/** What goes may take a foreign key with it that points at the table. */
function mayPointAt(gone: Placed, table: QualifiedName | undefined, known: Circumstances): boolean {
  const own = gone.table;
  if (own === undefined || table === undefined)
    return ["drop_table", "drop_column", "drop_constraint"].includes(gone.kind);
  switch (gone.kind) {
    case "drop_table":
      return known.pointsAt(own)?.some((one) => maybeSame(one, table)) ?? true;
    case "drop_column":
      return gone.columns.length === 0 || !gone.columns.every((column) => known.isPlainColumn(own, column));
    case "drop_constraint": {
      const { constraintType, referencedTable } = gone.details;
      if (constraintType !== undefined && !/^foreign/.test(constraintType)) return false;
      return referencedTable === undefined || maybeSame(referencedTable, table);
    }
    default:
      return false;
  }
}

function tables(first: Placed, second: Placed, known: Circumstances): string | undefined {
  if (first.table === undefined || second.table === undefined) {
    return `it is not known which table ${label(first.table === undefined ? first : second)} is about`;
  }
  if (maybeSame(first.table, second.table)) return sameTable(first, second, known);
  const shared = sharedRelation(first, second);
  if (shared !== undefined) return reference(first, second, shared);
  const lost =
    first.kind === "drop_table" || first.kind === "rename_table" ? first.table.name.toLowerCase() : undefined;
  if (lost !== undefined && second.name?.toLowerCase().includes(lost) === true)
    return `the name ${second.name} may be taken until ${lost} is gone`;
  return foreignKeys(first, second, known);
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

function sameTable(first: Placed, second: Placed, known: Circumstances): string | undefined {
  const table = first.table ? renderName(first.table) : "the table";
  const both = `both concern ${table}`;
  const apart = disjoint(columnsOf(first), columnsOf(second));
  if (first.kind === "add_column" && second.kind === "add_column") {
    return known.anyColumnOrder && apart ? undefined : `the columns of ${table} keep their order`;
  }
  if (is(dropsCondition, first) || is(dropsCondition, second))
    return withDrops(first, second, apart) ? undefined : both;
  // Before a table is made, or once it is gone or has another name, nothing can be done to it.
  if (!is(columnKinds, first) || !is(columnKinds, second)) return both;
  if (relationsOf(first).length > 1 && relationsOf(second).length > 1) return both;
  if (is(conditions, first) && is(conditions, second)) return both;
  const named = is(conditions, first) || is(conditions, second);
  if ((first.kind === "create_index" || second.kind === "create_index") && (isLight(first) || isLight(second)))
    return undefined;
  if (first.details.expression === true || second.details.expression === true) return both;
  if (!apart) return first.kind === "create_index" && second.kind === "create_index" && !named ? undefined : both;
  if (first.kind === "drop_column")
    return mayBeComputed(first, known) &&
      !isLight(second) &&
      second.kind.endsWith("_column") &&
      second.kind !== "add_column"
      ? both
      : undefined;
  // USING may compute the new values from any column.
  return second.kind === "drop_column" && first.kind === "alter_column" && !isLight(first) ? both : undefined;
}

/** An index or constraint that goes, beside another change of the table: indifferent where it is about other columns. */
function withDrops(first: Placed, second: Placed, apart: boolean): boolean {
  const indifferent = (action: Placed): boolean => action.kind === "add_column" || action.kind === "create_index";
  if (indifferent(first) || indifferent(second)) return true;
  // A constraint may hold an index, and then goes first; what an index goes before was not held by it.
  if (first.kind === "drop_index" && is(dropsCondition, second)) return true;
  return apart && ["alter_column", "drop_column"].some((kind) => first.kind === kind || second.kind === kind);
}

/** Changes neither the type of a column nor its name. */
const isLight = ({ kind, details }: Placed): boolean =>
  kind === "alter_column" && details.newType === undefined && details.newName === undefined;

/** A computed column must go before what it is computed from. */
const mayBeComputed = ({ table, columns }: Placed, known: Circumstances): boolean =>
  table === undefined || columns.length === 0 || !columns.every((column) => known.isPlainColumn(table, column));
