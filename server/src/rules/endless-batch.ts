import type { Judged } from "../facts/judged.ts";
import type { Context } from "../model/revision.ts";
import { renderName, sameName, type QualifiedName } from "../sql/action.ts";
import { at, defineRule, type Found } from "./define.ts";

interface Endless extends Found {
  readonly says: string;
}

type Loop = Extract<Context, { kind: "loop" }>;

const endlessLoopOf = ({ operation: { context } }: Judged): Loop | undefined =>
  context.find((one): one is Loop => one.kind === "loop" && one.over === "endless");

/** What else the loop does to the rows of the table, or may do. */
const isMoving = (from: QualifiedName, loop: Loop, all: readonly Judged[]): boolean =>
  all.some(({ isUnderstood, operation: { effect, table, context } }) => {
    if (!context.some((one) => one.range.start === loop.range.start && one.kind === "loop")) return false;
    return !isUnderstood || (effect === "data" && (table === undefined || sameName(table, from)));
  });

/** Why a turn copies the same rows again. */
function recopies({ operation: { details, table } }: Judged, loop: Loop, all: readonly Judged[]): string | undefined {
  const from = details.recopies;
  if (from === undefined || table === undefined || isMoving(from, loop, all)) return undefined;
  return `This loop chooses rows of ${renderName(from)} without looking at what it has copied to ${renderName(table)}: it takes the same rows again, and ends at a duplicate key or never.`;
}

/** Whether the column is known to hold no NULL. */
function isRequired(one: Judged, column: string): boolean {
  const { table } = one.operation;
  const found = table && one.schema.table(table);
  if (found === undefined || typeof found === "string") return false;
  return found.columns.find(({ name }) => name === column)?.nullable === false;
}

/** Why a turn of the loop may find the same rows again; undefined where it cannot, or where that is not known. */
function reasonOf(one: Judged): string | undefined {
  const { details, table } = one.operation;
  const { batch } = details;
  if (!batch?.fixed || table === undefined || batch.sets.length === 0) return undefined;
  const name = renderName(table);
  const counts = batch.sets.filter(({ column }) => batch.mentions.includes(column));
  if (counts.length === 0) {
    const set = batch.sets.map(({ column }) => `${name}.${column}`).join(", ");
    return `This loop chooses its rows without looking at ${set}, which it sets: it takes the same rows again and never ends.`;
  }
  // Another test may become false instead.
  if (
    counts.length !== 1 ||
    batch.mentions.some((column) => column !== counts[0]?.column && !batch.isNotNull.includes(column))
  )
    return undefined;
  const [set] = counts;
  if (!set || !batch.isNull.includes(set.column) || set.nullWhen.otherwise) return undefined;
  const source = set.nullWhen.columns.find((column) => !batch.isNotNull.includes(column) && !isRequired(one, column));
  return source === undefined
    ? undefined
    : `A row with NULL in ${name}.${source} keeps NULL in ${name}.${set.column}, so this loop takes it again and again and never ends.`;
}

export const endlessBatch = defineRule({
  id: "endless-batch",
  group: "correctness",
  severity: "error",
  recommended: true,
  dialects: ["postgresql"],
  summary: "A loop over batches takes rows again that it has done already, and does not end.",
  why: `The loop stops when no row is left, but some rows never leave: the deployment hangs, and the database writes the same rows over and over, filling its disk with
dead ones.`,
  instead: `Walk the primary key: remember the last id of each batch and ask for \`id > :last ORDER BY id LIMIT 5000\`. Or choose only rows that the change can finish:
\`WHERE new IS NULL AND old IS NOT NULL\`.`,
  allowed: [
    "A new value that cannot be NULL: a constant, `coalesce(…, 'x')`, `concat(…)`, a column that is NOT NULL in the replayed schema.",
    "A choice that leaves out the rows in question: `AND old IS NOT NULL`.",
    "A choice with a parameter beside LIMIT's, as the last id is.",
    "DELETE: what is deleted is not found again; and a copy whose rows the same loop deletes.",
    "A copy with ON CONFLICT, an OFFSET, or a query that looks at what was copied.",
    "Expressions of which is not known when they are NULL.",
  ],
  sources: ["https://www.postgresql.org/docs/current/functions-string.html"],
  options: {},
  examples: [
    {
      title: "Two names become one",
      before: `connection = op.get_bind()
while True:
    result = connection.execute(
        sa.text(
            "UPDATE users SET full_name = first_name || ' ' || last_name "
            "WHERE id IN (SELECT id FROM users WHERE full_name IS NULL LIMIT 5000)"
        )
    )
    if result.rowcount == 0:
        break
`,
      after: [
        `connection = op.get_bind()
while True:
    result = connection.execute(
        sa.text(
            "UPDATE users SET full_name = concat_ws(' ', first_name, last_name) "
            "WHERE id IN (SELECT id FROM users WHERE full_name IS NULL LIMIT 5000)"
        )
    )
    if result.rowcount == 0:
        break
`,
      ],
    },
  ],
  catches: [
    {
      title: "A copy of a column that may be NULL",
      code: `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 100 FOR UPDATE SKIP LOCKED)"))\n    if result.rowcount == 0:\n        break\n`,
    },
    {
      title: "A choice that does not look at what is set",
      code: `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 1 WHERE id IN (SELECT id FROM t LIMIT 100)"))\n    if result.rowcount == 0:\n        break\n`,
    },
    {
      title: "Ids that were fetched before",
      code: `t = sa.table("t", sa.column("id"), sa.column("a"), sa.column("b"))
while True:
    ids = op.get_bind().execute(sa.select(t.c.id).where(t.c.b.is_(None)).limit(100)).scalars().all()
    if not ids:
        break
    op.execute(t.update().where(t.c.id.in_(ids)).values(b=sa.func.lower(t.c.a)))
`,
    },
    {
      title: "A copy that does not look at what it has copied",
      code: `while True:\n    result = op.get_bind().execute(sa.text("INSERT INTO archive (id) SELECT id FROM t LIMIT 100"))\n    if result.rowcount == 0:\n        break\n`,
    },
  ],
  passes: [
    {
      title: "Ids of which each turn remembers the last",
      code: `t = sa.table("t", sa.column("id"), sa.column("a"), sa.column("b"))
last = 0
while True:
    ids = op.get_bind().execute(sa.select(t.c.id).where(t.c.id > last).order_by(t.c.id).limit(100)).scalars().all()
    if not ids:
        break
    op.execute(t.update().where(t.c.id.in_(ids)).values(b=t.c.a))
    last = ids[-1]
`,
    },
    {
      title: "Rows that move, copied and deleted",
      code: `while True:\n    op.execute("INSERT INTO archive (id) SELECT id FROM t ORDER BY id LIMIT 100")\n    result = op.get_bind().execute(sa.text("DELETE FROM t WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 100)"))\n    if result.rowcount == 0:\n        break\n`,
    },
    {
      title: "A constant",
      code: `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = 1 WHERE id IN (SELECT id FROM t WHERE b IS NULL LIMIT 100)"))\n    if result.rowcount == 0:\n        break\n`,
    },
    {
      title: "A choice that leaves NULL out",
      code: `while True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE b IS NULL AND a IS NOT NULL LIMIT 100)"))\n    if result.rowcount == 0:\n        break\n`,
    },
    {
      title: "A walk along the key",
      code: `last = 0\nwhile True:\n    result = op.get_bind().execute(sa.text("UPDATE t SET b = a WHERE id IN (SELECT id FROM t WHERE id > :last ORDER BY id LIMIT 100) RETURNING id"), {"last": last})\n    ids = [row.id for row in result]\n    if not ids:\n        break\n    last = max(ids)\n`,
    },
  ],
  *detect({ judged }) {
    for (const one of judged) {
      const loop = one.isUnderstood ? endlessLoopOf(one) : undefined;
      const says = loop && (reasonOf(one) ?? recopies(one, loop, judged));
      if (says === undefined) continue;
      const endless: Endless = { ...at(one), says };
      yield endless;
    }
  },
  message: ({ says }) => says,
});
