import { targetsOf } from "../schema/tables.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Schema } from "../schema/state.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";
import { renderWaiting } from "./waiting.ts";

interface Emptied extends Found {
  readonly tables: readonly string[];
  /** Emptied along with them, by CASCADE. */
  readonly along: readonly string[];
  readonly waiting: string;
}

/** Tables with a foreign key to one of them, and those with one to these. */
function referring(schema: Schema, tables: readonly QualifiedName[]): readonly QualifiedName[] {
  const found: QualifiedName[] = [];
  const isMet = (name: QualifiedName): boolean => [...tables, ...found].some((one) => keyOf(one) === keyOf(name));
  const follow = (name: QualifiedName): void => {
    for (const table of schema.related(name)) {
      const refers = table.constraints.some(({ references }) => references && keyOf(references.table) === keyOf(name));
      if (!refers || isMet(table.name)) continue;
      found.push(table.name);
      follow(table.name);
    }
  };
  tables.forEach(follow);
  return found;
}

const quoted = (names: readonly QualifiedName[]): readonly string[] => names.map((name) => `"${renderName(name)}"`);

export const truncate = defineRule({
  id: "truncate",
  group: "locking",
  severity: "warning",
  recommended: true,
  dialects: ["postgresql"],
  summary: "TRUNCATE empties a table that was there before, and keeps everybody from it until the transaction ends.",
  why: `TRUNCATE is done in a moment, but its lock keeps readers and writers away until the transaction ends. The rows are gone for good: a
downgrade does not bring them back; with CASCADE those of every table that refers to it are gone as well. Transactions that began before see an
empty table, too.`,
  instead: `If the rows are not needed, say why: \`# retort: allow truncate because …\`. Put the statement last, with a \`lock_timeout\`. To
keep people working, DELETE in batches.`,
  allowed: ["Tables that the revision has made itself, and temporary ones."],
  counted: ["CASCADE: tables with a foreign key to it, as far as the history knows them, are named."],
  sources: ["https://www.postgresql.org/docs/current/sql-truncate.html"],
  options: {},
  examples: [
    {
      title: "A cache that is filled anew",
      before: `op.execute("TRUNCATE report_cache")
`,
      after: [
        `# retort: allow truncate because the cache fills itself again
op.execute("TRUNCATE report_cache")
`,
      ],
    },
  ],
  catches: [
    { title: "Several tables", code: `op.execute("TRUNCATE TABLE sessions, report_cache RESTART IDENTITY")\n` },
    { title: "On a connection", code: `op.get_bind().execute(sa.text("TRUNCATE sessions CASCADE"))\n` },
  ],
  passes: [
    {
      title: "A table of its own",
      code: `op.execute("CREATE TABLE t AS SELECT * FROM users")\nop.execute("TRUNCATE t")\n`,
    },
    { title: "A DELETE", code: `op.execute("DELETE FROM sessions WHERE seen < now() - interval '1 year'")\n` },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      if (one.operation.kind !== "truncate" || !one.isUnderstood) continue;
      const tables = targetsOf(one.operation).filter((name) => one.origin(name) === "existing");
      const waiting = renderWaiting(one.impact?.locks ?? []);
      if (tables.length === 0 || waiting === undefined) continue;
      const along = one.operation.details.cascade ? referring(one.schema, tables) : [];
      const emptied: Emptied = { ...at(one), tables: quoted(tables), along: quoted(along), waiting };
      yield emptied;
    }
  },
  message: ({ tables, along, waiting }) =>
    `All rows of ${joinWords(tables)} are gone${along.length === 0 ? "" : `, by CASCADE those of ${joinWords(along)} as well`}, and ${waiting} until the transaction ends.`,
});
