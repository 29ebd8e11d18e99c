/** Which model a query, or an object that came from one, is about. */
import type { Value } from "../../syntax/value.ts";
import { chainOf, type Chain, type Link } from "./chains.ts";
import { columnReference } from "./columns.ts";
import { roleOf } from "./roles.ts";
import { isModel, tableOf, type TableReading } from "./tables.ts";
import { built, isImportedModel, splitPath } from "./terms.ts";

export interface Query {
  /** What is asked for: models, columns of models. */
  readonly entities: readonly Value[];
  /** The link that begins it; absent for `Model.query`. */
  readonly start: Link | undefined;
}

/** The query that a chain of methods belongs to. */
export function queryOf({ root, links }: Chain): Query | undefined {
  const start = links.find(({ name }) => name === "query");
  if (start) {
    const { of } = start;
    const ofSession =
      roleOf(of) === "session" ||
      ((of.kind === "unknown" || of.kind === "member") && start.args.some(({ value }) => isEntity(value)));
    return ofSession ? { entities: start.args.map(({ value }) => value), start } : undefined;
  }
  if (root.kind === "member" && root.name === "query" && root.of.kind === "class" && isModel(root.of))
    return { entities: [root.of], start: undefined };
  const { parent, name } = root.kind === "reference" ? splitPath(root.path) : { parent: "", name: "" };
  if (name === "query" && isImportedModel(parent)) {
    return { entities: [{ kind: "reference", path: parent, range: root.range }], start: undefined };
  }
  return undefined;
}

const isEntity = (value: Value): boolean =>
  (value.kind === "class" && isModel(value)) ||
  (value.kind === "reference" && isImportedModel(value.path)) ||
  columnReference(value) !== undefined ||
  tableOf(value) !== undefined;

/** The table that a query, or an object from one, is about. */
export function tableOfEntity(value: Value | undefined): TableReading | undefined {
  if (value === undefined) return undefined;
  const own = tableOf(value);
  if (own) return own;
  const column = columnReference(value);
  if (column) return column.table ? { name: column.table } : { why: "the column's table is not known" };
  if (value.kind === "reference") return { why: `\`${value.path}\` is imported; its table is not known` };
  return undefined;
}

/** The model of an object: made of the model's class, or taken from a query. */
export function entityOf(value: Value | undefined, depth = 12): Value | undefined {
  if (value === undefined || depth === 0) return undefined;
  switch (value.kind) {
    case "call": {
      const { callee } = value;
      if (callee.kind === "class" || (callee.kind === "reference" && isImportedModel(callee.path))) return callee;
      const chain = chainOf(value);
      const last = chain.links.at(-1);
      const entity =
        queryOf(chain)?.entities[0] ?? (last?.name === "get" ? last.args[0]?.value : selectedEntity(chain));
      if (entity) return entity;
      if (callee.kind === "member") return entityOf(callee.of, depth - 1);
      // `paginated(session.query(M))`: what is handed a query is taken to give its objects.
      const queries = value.args.filter(
        (argument) => argument.value.kind === "call" && queryOf(chainOf(argument.value)),
      );
      return callee.kind === "reference" ? entityOf(queries[0]?.value, depth - 1) : undefined;
    }
    case "unknown":
      return entityOf(value.from, depth - 1);
    case "item":
      return entityOf(value.of, depth - 1);
    case "choice":
      return value.options.map((option) => entityOf(option, depth - 1)).find((entity) => entity !== undefined);
    default:
      return undefined;
  }
}

/** `session.execute(select(M))`, `session.scalars(select(M))`, also with methods behind. */
function selectedEntity({ root, links }: Chain): Value | undefined {
  const first = root.kind === "call" && built(root) === "select" ? root.args[0]?.value : undefined;
  if (first) return first;
  const run = links.find(({ name }) => name === "execute" || name === "scalars" || name === "scalar");
  const statement = run?.args[0]?.value;
  return statement?.kind === "call" ? selectedEntity(chainOf(statement)) : undefined;
}
