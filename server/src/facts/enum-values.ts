/** Values that revisions add to enums, and whether PostgreSQL lets an operation use them: not before the transaction has ended. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project, ProjectConfig } from "../project/snapshot.ts";
import { columnOf, keyOf } from "../schema/replay/schema.ts";
import type { Schema, Table } from "../schema/state.ts";
import type { QualifiedName, Touching } from "../sql/action.ts";
import type { SqlExpression } from "../sql/definition.ts";
import { scan } from "../sql/scan.ts";
import { textsIn } from "../sql/texts.ts";
import { gather, upgradesOnce } from "./gathered.ts";
import { defineInquiry, secluded } from "./inquiry.ts";
import { judgedIn, type Judged } from "./judged.ts";

export interface AddedValue {
  readonly type: QualifiedName;
  readonly value: string;
}

/** Added by another revision. */
export interface AddedBefore extends AddedValue {
  readonly revision: string;
}

export function addedBy({ operation, isUnderstood }: Judged): AddedValue | undefined {
  const { kind, details, touches } = operation;
  const type = touches.find(({ on }) => on.type === "type")?.on.name;
  if (kind !== "alter_type" || !isUnderstood || details.enumValue !== "added" || !details.value || !type)
    return undefined;
  return { type, value: details.value.name };
}

interface Summary {
  /** In the transaction in which the next revision begins, where env.py opens none for each. */
  readonly added: readonly AddedValue[];
  /** Some transaction ends within the upgrade. */
  readonly commits: boolean;
}

function summarise(file: RevisionFile, config: ProjectConfig): Summary | undefined {
  const [upgrade] = upgradesOnce(file);
  const judged = upgrade ? judgedIn(secluded(config), file, upgrade) : [];
  const [first, last] = [judged[0], judged.at(-1)];
  const open = judged.filter(({ transaction, isAutocommit }) => transaction === last?.transaction && !isAutocommit);
  const added = open.flatMap((one) => addedBy(one) ?? []);
  const commits = judged.some(({ transaction, isAutocommit }) => isAutocommit || transaction !== first?.transaction);
  return added.length > 0 || commits ? { added, commits } : undefined;
}

type AddedByRevision = ReadonlyMap<string, readonly AddedBefore[]>;

interface Followed {
  readonly summaries: Map<string, Summary>;
  /** Until another revision adds values or ends a transaction. */
  added?: AddedByRevision | undefined;
}

const followedIn = gather<Summary, Followed>({
  share: summarise,
  empty: () => ({ summaries: new Map() }),
  put(into, summary, id) {
    into.summaries.set(id, summary);
    into.added = undefined;
  },
  take(from, _summary, id) {
    from.summaries.delete(id);
    from.added = undefined;
  },
});

/** Does every revision of an upgrade run in one transaction, as far as env.py tells? */
export const isOneTransaction = ({ config: { env } }: Project): boolean =>
  env !== undefined && !env.transactionPerMigration && env.transactionalDdl !== false;

/** Values that are added in the very transaction in which the revision begins, where both run in one upgrade. */
export const addedBefore = (project: Project, file: RevisionFile): readonly AddedBefore[] =>
  isOneTransaction(project) ? findAdded(project, file.identifiers.revision?.value ?? "") : [];

const none: readonly AddedBefore[] = [];

const findAdded = defineInquiry("values added", (project, revision: string) => {
  const followed = followedIn(project);
  if (followed.summaries.size === 0) return none;
  followed.added ??= follow(project, followed.summaries);
  return followed.added.get(revision) ?? none;
});

function follow({ history }: Project, summaries: ReadonlyMap<string, Summary>): AddedByRevision {
  const found = new Map<string, readonly AddedBefore[]>();
  let open = none;
  for (const id of history.order) {
    found.set(id, open);
    const summary = summaries.get(id);
    if (summary === undefined) continue;
    const own = summary.added.map((one) => ({ ...one, revision: id }));
    open = summary.commits ? own : [...open, ...own];
  }
  return found;
}

const usingColumns = new Set<Touching>(["insert", "update", "read", "require", "constrain"]);
const everyColumn = "*";

/** What of the type the operation touches: columns that it writes, or only reads. */
function touched({ operation }: Judged, type: QualifiedName, schema: Schema): readonly Touching[] {
  return operation.touches.flatMap(({ how, on }) => {
    if (on.type !== "column" || on.column === undefined || !usingColumns.has(how)) return [];
    const table = schema.table(on.name);
    if (typeof table !== "object") return [];
    const columns = on.column === everyColumn ? table.columns : table.columns.filter(({ name }) => name === on.column);
    return columns.some((column) => column.type && keyOf(column.type) === keyOf(type)) ? [how] : [];
  });
}

/** `'c'::mood` */
function isCast(sql: string, { type, value }: AddedValue): boolean {
  const words = scan(sql, "postgresql").map(({ start, end }) => sql.slice(start, end));
  return words.some(
    (word, i) => word === `'${value}'` && words[i + 1] === "::" && words[i + 2]?.toLowerCase() === type.name,
  );
}

const listing = new Set(["(", ",", "in", "not", "any", "array", "[", "=", "<>", "!="]);

/**
 * Whether the value stands in a text somewhere else than beside something that is no value of the type: a column that is
 * cast to text (`mood::text = 'glad'`), which the server lets pass, or a column of another type.
 */
function isNamedAsValue(sql: string, { type, value }: AddedValue, table: Table | undefined): boolean {
  const words = scan(sql, "postgresql").map(({ start, end }) => sql.slice(start, end));
  return words.some((word, at) => {
    if (word !== `'${value.replaceAll("'", "''")}'`) return false;
    let before = at - 1;
    while (listing.has(words[before]?.toLowerCase() ?? "") || words[before]?.startsWith("'") === true) before--;
    const beside = words[before]?.toLowerCase() ?? "";
    if (words[before - 1] === "::") return beside !== "text" && beside !== "varchar";
    const column = before < at - 1 && table ? columnOf(table, beside) : undefined;
    return column?.type === undefined || keyOf(column.type) === keyOf(type);
  });
}

const says = (expression: SqlExpression | undefined, value: string): boolean =>
  textsIn(expression?.sql, "postgresql").includes(value);

/** A default of a column of the type, or a condition over one. */
function defines(one: Judged, { type, value }: AddedValue, schema: Schema): boolean {
  const { details, table: name, columns } = one.operation;
  if (
    (details.definitions ?? []).some(
      (column) => column.sqlType && keyOf(column.sqlType) === keyOf(type) && says(column.default, value),
    )
  )
    return true;
  const table = name && schema.table(name);
  if (typeof table !== "object") return false;
  const has = (column: string | undefined): boolean => {
    const found = column === undefined ? undefined : columnOf(table, column)?.type;
    return found !== undefined && keyOf(found) === keyOf(type);
  };
  if (says(details.newDefault, value)) return has(columns[0]);
  return (
    (details.constraints ?? []).some((one) => says(one.expression, value) && (one.columns ?? []).some(has)) ||
    (details.indexes ?? []).some(({ where }) => says(where, value) && table.columns.some((column) => has(column.name)))
  );
}

/** Whether the operation names the value as one of the type, which PostgreSQL refuses before the value is committed. */
export function usesValue(one: Judged, added: AddedValue): boolean {
  const { sql, details, table } = one.operation;
  const { schema } = one;
  const written = (details.constants ?? []).filter(({ value }) => value === added.value);
  const known = table && schema.table(table);
  if (written.length > 0 && typeof known === "object")
    return written.some(({ column }) => {
      const type = columnOf(known, column)?.type;
      return type !== undefined && keyOf(type) === keyOf(added.type);
    });
  if (defines(one, added, schema)) return true;
  if (sql === undefined || !textsIn(sql, "postgresql").includes(added.value)) return false;
  if (isCast(sql, added)) return true;
  const ways = touched(one, added.type, schema);
  return ways.length > 0 && isNamedAsValue(sql, added, typeof known === "object" ? known : undefined);
}
