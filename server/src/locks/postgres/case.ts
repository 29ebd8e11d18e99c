/** One operation on one version of PostgreSQL, with questions about the schema that it meets. */
import type { Action, QualifiedName } from "../../sql/action.ts";
import type { Constraint, Schema, Table, View } from "../../schema/state.ts";
import type { Circumstances } from "../circumstances.ts";
import { ImpactDraft } from "../draft.ts";
import type { LockMode, PostgresVersion } from "../impact.ts";
import { sameTable } from "../names.ts";

export interface Case {
  readonly action: Action;
  readonly version: PostgresVersion;
  readonly schema: Schema;
  readonly utc: boolean | undefined;
  readonly draft: ImpactDraft;
}

/** `"unknown"`: nothing can be said of what the operation does. */
export type Predict = (one: Case) => "unknown" | undefined;

export const newCase = (action: Action, version: PostgresVersion, { schema, created, utc }: Circumstances): Case => ({
  action,
  version,
  schema,
  utc,
  draft: new ImpactDraft(created ?? []),
});

/** The table as far as it is known. Where it is not, the impact is a guess at the worst, and says so. */
export function knownTable({ schema, draft }: Case, name: QualifiedName): Table | undefined {
  const found = schema.table(name);
  if (typeof found === "string") {
    if (!draft.isNew(name)) draft.doubt(`What ${name.name} looks like is not known here.`);
    return undefined;
  }
  if (found.doubt !== undefined) draft.doubt(`${name.name}: ${found.doubt}.`);
  return found;
}

export interface Referrer {
  readonly table: Table;
  readonly constraint: Constraint;
}

const childrenOf = ({ schema }: Case, name: QualifiedName): readonly Table[] =>
  [...schema.related(name)].filter(({ partitionOf, inherits = [] }) =>
    [...(partitionOf ? [partitionOf] : []), ...inherits].some((parent) => sameTable(parent, name)),
  );

/** `partitions`: those alone. `heirs`: tables that inherit as well. What defines columns concerns both, indexes only the former. */
export type Below = "partitions" | "heirs";

/** At every level; without the table itself. */
export function descendants(one: Case, name: QualifiedName, below: Below = "heirs"): readonly Table[] {
  const found: Table[] = [];
  // A history that contradicts itself may make a table its own partition.
  const isMet = (table: Table): boolean => sameTable(table.name, name) || found.includes(table);
  const follow = (parent: QualifiedName): void => {
    for (const child of childrenOf(one, parent)) {
      if (isMet(child) || (below === "partitions" && child.partitionOf === undefined)) continue;
      found.push(child);
      follow(child.name);
    }
  };
  follow(name);
  return found;
}

export const partitionsOf = (one: Case, name: QualifiedName): readonly Table[] =>
  childrenOf(one, name).filter(({ partitionOf }) => partitionOf !== undefined);

/** Foreign keys of other tables (and its own) that point at the table. */
export const referrersOf = (one: Case, name: QualifiedName): readonly Referrer[] =>
  [...one.schema.related(name)].flatMap((table) =>
    table.constraints.flatMap((constraint) =>
      constraint.references && sameTable(constraint.references.table, name) ? [{ table, constraint }] : [],
    ),
  );

/** The tables in which its rows are: a partitioned table has none of its own. */
export function storedIn(one: Case, name: QualifiedName, below: Below = "heirs"): readonly QualifiedName[] {
  const found = one.schema.table(name);
  const own = typeof found === "object" && found.kind !== "table" ? [] : [name];
  return [...own, ...descendants(one, name, below).flatMap((table) => (table.kind === "table" ? [table.name] : []))];
}

/** The table with all that are below it. */
export function lockTree(one: Case, name: QualifiedName, mode: LockMode, below: Below = "heirs"): void {
  one.draft.lock(name, mode);
  for (const table of descendants(one, name, below)) one.draft.lock(table.name, mode);
}

export function scanAll(one: Case, name: QualifiedName, below: Below = "heirs"): void {
  for (const table of storedIn(one, name, below)) one.draft.scan(table);
}

export function buildAll(one: Case, name: QualifiedName): void {
  for (const table of storedIn(one, name, "partitions")) one.draft.build(table);
}

export function rewriteAll(one: Case, name: QualifiedName): void {
  for (const table of storedIn(one, name)) one.draft.rewrite(table);
}

/** The table that the action names; an action without one says nothing about locks. */
export const withTable =
  (predict: (one: Case, table: QualifiedName) => "unknown" | undefined): Predict =>
  (one) =>
    one.action.table === undefined ? "unknown" : predict(one, one.action.table);

/** Views that read the table or view, directly or through others. */
export function viewsOn(one: Case, name: QualifiedName): readonly View[] {
  const found: View[] = [];
  const all = [...one.schema.views];
  const follow = (read: QualifiedName): void => {
    for (const view of all) {
      if (found.includes(view) || !view.reads?.some((each) => sameTable(each, read))) continue;
      found.push(view);
      follow(view.name);
    }
  };
  follow(name);
  return found;
}

/** What a query reads, views taken apart. Materialized views have rows of their own. */
export function readBy(one: Case, name: QualifiedName): readonly QualifiedName[] {
  const found: QualifiedName[] = [];
  const follow = (read: QualifiedName): void => {
    if (found.some((each) => sameTable(each, read))) return;
    found.push(read);
    const view = one.schema.view(read);
    if (typeof view !== "object" || view.materialized) return;
    if (view.reads === undefined) one.draft.doubt(`What the view ${read.name} reads is not known here.`);
    view.reads?.forEach(follow);
  };
  follow(name);
  return found;
}

/** Sequences that belong to the table, or to one of its columns. */
export const sequencesOf = (one: Case, table: QualifiedName, column?: string): readonly QualifiedName[] =>
  [...one.schema.owned(table)].flatMap(({ name, ownedBy }) =>
    column === undefined || ownedBy?.column === column ? [name] : [],
  );
