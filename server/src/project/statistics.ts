/**
 * `retort.stats.json`: how large the tables of a database are and how much is written to them, as `retort stats` has
 * read it from the server's own estimates. Nothing of what the tables hold is in it.
 */
import * as v from "valibot";

export const statisticsFileName = "retort.stats.json";

const count = v.pipe(
  v.number("must be a whole number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must not be negative"),
);
const name = v.pipe(v.string("must be a name"), v.minLength(1, "must be a name"));
const moment = v.pipe(
  v.string("must be a moment in ISO 8601"),
  v.isoTimestamp("must be a moment in ISO 8601 (2026-11-20T09:30:00Z)"),
);

const writes = v.object(
  { inserted: count, updated: count, deleted: count },
  "must be an object with inserted, updated and deleted",
);

const table = v.object(
  {
    schema: name,
    name,
    kind: v.picklist(["table", "partitioned", "materialized_view"], "must be table, partitioned or materialized_view"),
    /** `null`: the server has never counted them. */
    rows: v.nullable(count),
    /** Rows and what belongs to them, without indexes and TOAST. */
    tableBytes: count,
    indexBytes: count,
    /** Values too long for a row, with their index. */
    toastBytes: count,
    /** Since `countedSince`; `null` where the server counts none. */
    writes: v.nullable(writes),
  },
  "must be an object",
);

const statistics = v.object(
  {
    version: v.literal(1, "must be 1: another version of Retort wrote this file"),
    takenAt: moment,
    server: v.object(
      { dialect: v.literal("postgresql", 'must be "postgresql"'), version: v.string("must be a version") },
      "must be an object with dialect and version",
    ),
    database: name,
    /** Where the server looks for a name that is written without a schema. */
    defaultSchema: name,
    /** When the server began to count writes; `null`: not known. */
    countedSince: v.nullable(moment),
    /** `estimated`: some table was locked, so the sizes are those that VACUUM and ANALYZE have noted last. */
    sizes: v.picklist(["measured", "estimated"], "must be measured or estimated"),
    tables: v.array(table, "must be a list of tables"),
  },
  "must be an object",
);

export type TableStatistics = Readonly<v.InferOutput<typeof table>>;
export type Statistics = Readonly<Omit<v.InferOutput<typeof statistics>, "tables">> & {
  readonly tables: readonly TableStatistics[];
};

/** Never throws: why a text is no such file is said in one sentence. */
export function parseStatistics(text: string): Statistics | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problem: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}.` };
  }
  const parsed = v.safeParse(statistics, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  const what = path !== null && issue.input === undefined ? "is missing" : issue.message;
  return { problem: `${path === null ? "The file" : `"${path}"`} ${what}. \`retort stats\` writes this file.` };
}

export const renderStatistics = (taken: Statistics): string => `${JSON.stringify(taken, null, 2)}\n`;
