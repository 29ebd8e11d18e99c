/** Methods of ORM queries: `session.query(M).filter(…).update(…)`. */
import type { Details, Dialect, QualifiedName } from "../../sql/action.ts";
import type { Call, Value } from "../../syntax/value.ts";
import type { Draft } from "../reading.ts";
import { columnReference } from "./columns.ts";
import { chainOf, type Link } from "./chains.ts";
import { action, draft, placeOf, type Sketch } from "./draft.ts";
import { onColumns, onTable } from "./entities.ts";
import { queryOf, tableOfEntity } from "./entity.ts";
import { readsOf } from "./expressions.ts";
import { isWideCondition } from "./restriction.ts";
import { queryEnds } from "./roles.ts";
import { isNull, textOf, whyUnknown } from "./terms.ts";

/** A method of a query, `session.query(M).filter(…).delete()`; `undefined` where the chain is no query or goes on. */
export function readQuery(call: Call, dialect: Dialect): readonly Draft[] | undefined {
  const chain = chainOf(call);
  const last = chain.links.at(-1);
  const query = queryOf(chain);
  if (last === undefined || query === undefined || last === query.start) return undefined;
  const rest = chain.links.slice(chain.links.indexOf(query.start ?? last) + 1, -1);
  const sketch = endOfQuery(last, query.entities, rest, call, dialect);
  const fetched = last.name === "all" || last.name === "fetchall" ? { fetched: true as const } : {};
  return sketch && [{ ...draft(sketch, placeOf(call, "orm")), ...fetched }];
}

function endOfQuery(
  last: Link,
  entities: readonly Value[],
  rest: readonly Link[],
  call: Call,
  dialect: Dialect,
): Sketch | undefined {
  const table = tableOfEntity(entities[0]) ?? { why: whyUnknown(entities[0], "the model") };
  const doubts = table.name ? [] : [table.why ?? "the model's table is not known"];
  const conditions = rest.flatMap(({ call }) => call.args.map(({ value }) => value));
  const filtered = rest.filter(({ name }) => /^(?:filter|filter_by|where|having|join|outerjoin)$/.test(name));
  if (last.name === "update") {
    const set = last.args[0]?.value;
    const columns =
      set?.kind === "mapping" ? set.entries.flatMap(([key]) => columnReference(key)?.column ?? textOf(key) ?? []) : [];
    if (set?.kind !== "mapping" || columns.length < set.entries.length || !set.complete)
      doubts.push(whyUnknown(set, "what is set"));
    const values = set?.kind === "mapping" ? set.entries.map(([, value]) => value) : [];
    const reads = readsOf([...conditions, ...values], table.name, dialect);
    const touches = [
      ...onTable("update", table.name),
      ...onColumns("update", table.name, columns),
      ...reads.touches,
      ...keywordReads(rest, table.name),
    ];
    const details = {
      ...whereOf(rest, filtered),
      setsNull: (values.length > 0 && values.every(isNull)) || undefined,
    };
    const incomplete = table.name === undefined || reads.unknown.length > 0;
    return {
      action: action({ kind: "update", effect: "data", table: table.name, columns, touches, details, incomplete }),
      doubts: [...doubts, ...reads.unknown],
    };
  }
  if (last.name === "delete") {
    const reads = readsOf(conditions, table.name, dialect);
    const touches = [...onTable("delete", table.name), ...reads.touches, ...keywordReads(rest, table.name)];
    const incomplete = table.name === undefined || reads.unknown.length > 0;
    return {
      action: action({
        kind: "delete",
        effect: "data",
        table: table.name,
        touches,
        details: whereOf(rest, filtered),
        incomplete,
      }),
      doubts: [...doubts, ...reads.unknown],
    };
  }
  if (!queryEnds.has(last.name)) return undefined;
  const sketch = selection(entities, [call], table.name, doubts, dialect);
  const digest = rest.some(({ name }) => /^(?:limit|slice|group_by|distinct|with_entities|union)$/.test(name));
  const details: Details = { hasWhere: filtered.length > 0, ...(digest && { digest }) };
  return { ...sketch, action: { ...sketch.action, details } };
}

function whereOf(rest: readonly Link[], filtered: readonly Link[]): Pick<Details, "hasWhere" | "wideWhere"> {
  const isWide =
    filtered.length > 0 &&
    filtered.every(({ args }) => args.every(({ name, value }) => name === undefined && isWideCondition(value))) &&
    rest.every(({ name }) => name !== "limit" && name !== "slice");
  return isWide ? { hasWhere: true, wideWhere: true } : { hasWhere: filtered.length > 0 };
}

const keywordReads = (links: readonly Link[], table: QualifiedName | undefined) =>
  onColumns(
    "read",
    table,
    links.flatMap(({ name, args }) => (name === "filter_by" ? args.flatMap((argument) => argument.name ?? []) : [])),
  );

/** A query as it runs. */
export function selection(
  entities: readonly Value[],
  within: readonly Value[],
  table: QualifiedName | undefined,
  doubts: readonly string[],
  dialect: Dialect,
): Sketch {
  const reads = readsOf([...entities, ...within], table, dialect);
  const incomplete = reads.unknown.length > 0 || table === undefined;
  return {
    action: action({ kind: "select", effect: "read", table, touches: reads.touches, incomplete }),
    doubts: [...doubts, ...reads.unknown],
  };
}
