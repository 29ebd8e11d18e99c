/**
 * Answers to what a revision asks the database before it acts (`if "email" not in columns`), from the schema that it meets
 * in a history that began with an empty database. Only what is certain is answered.
 */
import { isFor } from "../../model/applies.ts";
import type { CatalogTest } from "../../model/catalog-test.ts";
import type { Context, Operation } from "../../model/revision.ts";
import type { Dialect, QualifiedName } from "../../sql/action.ts";
import type { ColumnType } from "../../sql/definition.ts";
import type { Constraint, Table } from "../state.ts";
import { columnOf, type KnownSchema } from "./schema.ts";

type Branch = Extract<Context, { kind: "branch" }>;

/** What tests come to while one direction of a revision runs. */
export class Answers {
  readonly #start: KnownSchema;
  readonly #dialect: Dialect;
  readonly #given = new Map<string, boolean | undefined>();

  constructor(start: KnownSchema, dialect: Dialect) {
    this.#start = start;
    this.#dialect = dialect;
  }

  /** Whether what stands under the test runs. Undefined: not known. */
  takes(branch: Branch, { calls }: Operation, now: KnownSchema): boolean | undefined {
    const { catalog, range, path } = branch;
    if (!catalog) return undefined;
    // A test is made once, before what is under it; its other branch goes by the same answer.
    const key = JSON.stringify([range, path, calls.map((call) => call.range), catalog.test]);
    if (!this.#given.has(key)) this.#given.set(key, this.#answer(catalog.test, now));
    const given = this.#given.get(key);
    return given === undefined ? undefined : given === catalog.answer;
  }

  /** An inspector remembers what it has seen, so that what this revision has changed before may be seen or not. */
  #answer(question: CatalogTest, now: KnownSchema): boolean | undefined {
    const answer = answerTo(question, now, this.#dialect);
    return answer === answerTo(question, this.#start, this.#dialect) ? answer : undefined;
  }
}

/** Undefined: not known. */
export function answerTo(question: CatalogTest, schema: KnownSchema, dialect: Dialect): boolean | undefined {
  const inner = (one: CatalogTest): boolean | undefined => answerTo(one, schema, dialect);
  switch (question.ask) {
    case "table":
      return isThere(schema, question.table);
    case "column": {
      const table = knownTable(schema, question.table);
      return table && columnOf(table, question.name) !== undefined;
    }
    case "index":
      return hasIndex(knownTable(schema, question.table), question.name);
    case "constraint":
      return hasConstraint(knownTable(schema, question.table), question);
    case "type": {
      const table = knownTable(schema, question.table);
      return typeIs(table && columnOf(table, question.name)?.type, question);
    }
    case "dialect":
      return isFor({ kind: "branch", on: "dialect", dialects: question.names, range: nowhere }, dialect);
    case "constant":
      return question.answer;
    case "not": {
      const answer = inner(question.of);
      return answer === undefined ? undefined : !answer;
    }
    case "possibly":
      return inner(question.of) === false ? false : undefined;
    case "all":
    case "any":
      return together(question.of.map(inner), question.ask === "any");
    case "unclear":
      return undefined;
  }
}

const nowhere = { start: 0, end: 0 };

/** One answer that decides is enough; else all must be known. */
function together(answers: readonly (boolean | undefined)[], deciding: boolean): boolean | undefined {
  if (answers.includes(deciding)) return deciding;
  return answers.includes(undefined) ? undefined : !deciding;
}

/** Undefined where anything of it may be otherwise than it is told. */
function knownTable(schema: KnownSchema, name: QualifiedName): Table | undefined {
  const table = schema.table(name);
  return typeof table === "object" && table.doubt === undefined ? table : undefined;
}

/** Lists of tables have no views, and other ways to ask have them. */
function isThere(schema: KnownSchema, name: QualifiedName): boolean | undefined {
  const table = schema.table(name);
  if (table === "absent") return schema.view(name) === "absent" ? false : undefined;
  return typeof table === "object" && table.doubt === undefined ? true : undefined;
}

/** The index of a primary key is not listed; those of unique constraints are. */
function hasIndex(table: Table | undefined, name: string): boolean | undefined {
  if (!table) return undefined;
  const isKey = table.constraints.some((one) => one.type === "primary_key" && one.name === name);
  if (isKey) return undefined;
  if (table.indexes.some((index) => index.name === name)) return true;
  const isNameless = table.indexes.some((index) => index.name === undefined && !isOfKey(table, index.ofConstraint));
  return isNameless ? undefined : false;
}

const isOfKey = (table: Table, of: { readonly name: string | undefined } | undefined): boolean =>
  of !== undefined && table.constraints.some((one) => one.type === "primary_key" && one.name === of.name);

function hasConstraint(
  table: Table | undefined,
  { of, name, columns }: Extract<CatalogTest, { ask: "constraint" }>,
): boolean | undefined {
  if (!table) return undefined;
  const all = table.constraints.filter((one) => one.type === of);
  const answers = all.map((one) =>
    one.doubt === undefined
      ? together(
          [...(name === undefined ? [] : [sameName(one, name)]), ...(columns ? [sameColumns(one, columns)] : [])],
          false,
        )
      : undefined,
  );
  return together(answers, true);
}

const sameName = (one: Constraint, name: string): boolean | undefined =>
  one.name === undefined ? undefined : one.name === name;

const sameColumns = (one: Constraint, columns: readonly string[]): boolean | undefined =>
  one.columns && one.columns.join("\0") === columns.join("\0");

/** Classes of SQLAlchemy that a type is one of when it is reflected from PostgreSQL. */
const classes: Readonly<Record<string, readonly string[]>> = {
  "timestamp with time zone": ["TIMESTAMP", "DateTime"],
  "timestamp without time zone": ["TIMESTAMP", "DateTime"],
  "character varying": ["VARCHAR", "String"],
  text: ["TEXT", "Text", "String"],
  integer: ["INTEGER", "Integer"],
  bigint: ["BIGINT", "BigInteger", "Integer"],
  smallint: ["SMALLINT", "SmallInteger", "Integer"],
  boolean: ["BOOLEAN", "Boolean"],
  uuid: ["UUID", "Uuid"],
  date: ["DATE", "Date"],
};
const judged = new Set(Object.values(classes).flat());

function typeIs(
  type: ColumnType | undefined,
  { is, timezone }: Extract<CatalogTest, { ask: "type" }>,
): boolean | undefined {
  if (!type || type.schema !== undefined || type.dimensions > 0) return undefined;
  if (timezone !== undefined)
    return type.name.startsWith("timestamp ") ? type.name.endsWith(" with time zone") === timezone : undefined;
  const own = classes[type.name];
  return own && is !== undefined && judged.has(is) ? own.includes(is) : undefined;
}
