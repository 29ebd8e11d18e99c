import type { Judged } from "../facts/judged.ts";
import { sourcesOf } from "../schema/tables.ts";
import { renderName, sameName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { isSmall, minimumRows } from "./small-tables.ts";

interface Unanalysed extends Found {
  readonly table: string;
}

/** Rows of the whole table change, or come from another one. */
function isLarge(one: Judged): boolean {
  const { kind, details, context, incomplete } = one.operation;
  if (incomplete || context.some((inner) => inner.kind === "loop" && inner.over !== "constant")) return false;
  const copies = sourcesOf(one.operation).some((name) => one.holdsOldRows(name));
  if (kind === "insert") return details.source === "query" && details.hasWhere === false && copies;
  if (kind === "create_table") return details.options?.asQuery === true && details.temporary !== true && copies;
  return kind === "update" && (details.hasWhere === false || details.wideWhere === true) && one.isOnExistingTable;
}

/** The tables whose size is that of the change. */
const changing = (one: Judged, table: QualifiedName): readonly QualifiedName[] =>
  one.operation.kind === "update" ? [table] : sourcesOf(one.operation).filter((name) => one.holdsOldRows(name));

const isAnalysedLater = ({ direction, index }: Judged, table: QualifiedName): boolean =>
  direction.operations
    .slice(index + 1)
    .some(
      ({ kind, details: { command }, table: of }) =>
        kind === "opaque" ||
        ((command === "ANALYZE" || command?.startsWith("VACUUM") === true) &&
          (of === undefined || sameName(of, table))) ||
        (kind === "drop_table" && of !== undefined && sameName(of, table)),
    );

export const analyzeMissingAfterBackfill = defineRule({
  id: "analyze-missing-after-backfill",
  group: "locking",
  severity: "information",
  recommended: true,
  reach: "file",
  dialects: ["postgresql"],
  summary: "A table is filled or changed as a whole, and nobody tells the planner.",
  why: `The planner goes by statistics from before: it takes a new table for nearly empty and a new column for unknown. Until autovacuum comes by, which is a minute at best, the service's queries
may run with plans that read the whole table.`,
  instead: `Run ANALYZE at the end: \`op.execute("ANALYZE orders")\`. It takes no lock that keeps anybody from reading or writing, and reads a sample only.`,
  allowed: [
    "An ANALYZE of the table, or of all, later in the same direction; VACUUM as well.",
    "Changes of some rows, and batches in a loop.",
    "Temporary tables, and tables that are dropped again.",
  ],
  yieldsTo: ["unbatched-data-change", "update-without-where"],
  sources: [
    "https://www.postgresql.org/docs/current/populate.html#POPULATE-ANALYZE",
    "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS",
  ],
  options: { minimumRows },
  examples: [
    {
      title: "A new table with rows of an old one",
      before: `op.create_table("names", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(100)))
op.execute("INSERT INTO names (id, name) SELECT id, name FROM users")
`,
      after: [
        `op.create_table("names", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(100)))
op.execute("INSERT INTO names (id, name) SELECT id, name FROM users")
op.execute("ANALYZE names")
`,
      ],
    },
  ],
  catches: [
    { title: "CREATE TABLE AS", code: `op.execute("CREATE TABLE names AS SELECT id, name FROM users")\n` },
    { title: "A backfill", code: `op.execute("UPDATE users SET full_name = name WHERE full_name IS NULL")\n` },
  ],
  passes: [
    {
      title: "ANALYZE of everything",
      code: `op.execute("CREATE TABLE names AS SELECT id, name FROM users")\nop.execute("ANALYZE")\n`,
    },
    { title: "A few rows", code: `op.execute("UPDATE users SET name = 'x' WHERE id = 1")\n` },
    { title: "Rows of the revision's own", code: `op.execute("INSERT INTO roles (name) VALUES ('admin')")\n` },
  ],
  *detect({ judged, project }, { minimumRows: minimum }) {
    const seen = new Set<string>();
    for (const one of judged) {
      const { table } = one.operation;
      if (one.direction.name !== "upgrade" || table === undefined || !one.isUnderstood) continue;
      if (seen.has(renderName(table)) || !isLarge(one) || isAnalysedLater(one, table)) continue;
      if (one.operation.kind !== "create_table" && ["temporary", "scratch"].includes(one.origin(table))) continue;
      if (changing(one, table).every((name) => isSmall(project, name, minimum))) continue;
      seen.add(renderName(table));
      const unanalysed: Unanalysed = { ...at(one), table: renderName(table) };
      yield unanalysed;
    }
  },
  message: ({ table }) =>
    `The planner's statistics of ${table} are out of date after this: run ANALYZE ${table} at the end.`,
});
