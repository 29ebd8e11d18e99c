/** Questions about a history by name, asked of the engine: the same that `test/slow/alembic-history.py` asks Alembic. */
import { currentRevisions } from "../../server/src/history/current.ts";
import type { Answer } from "../../server/src/history/error.ts";
import type { History } from "../../server/src/history/history.ts";
import { planDowngrade, planOffline, planUpgrade, type Plan } from "../../server/src/history/plan.ts";
import { listRange } from "../../server/src/history/range.ts";
import { branchLabelsOf, resolveRevision, resolveRevisions } from "../../server/src/history/resolve.ts";
import { planStamp } from "../../server/src/history/stamp.ts";

export type Rows = readonly string[];

/** Rows of `alembic_version`, the name of a question, and the text that it is about; of `stamp` the texts, as JSON. */
export type Asked = readonly [rows: Rows, name: string, text?: string];

export const askEngine = (history: History, [rows, name, text = ""]: Asked): unknown =>
  engine[name]?.(history, rows, text);

type Ask = (history: History, rows: Rows, text: string) => unknown;

/** The rows after every step, as `alembic-history.py` tells them. */
function ofPlan({ steps, current, warning }: Plan): object {
  const rows = new Set(current);
  const after = steps.map(({ id, rows: { removed, added } }) => {
    for (const row of removed) rows.delete(row);
    for (const row of added) rows.add(row);
    return { id, rows: [...rows].sort() };
  });
  return { steps: after, rows: [...rows].sort(), warns: warning !== undefined };
}

/** The questions of `alembic-history.py`, asked of the engine. */
const engine: Readonly<Record<string, Ask>> = {
  heads: (history) => plain(history.graph, ({ heads }) => heads),
  bases: (history) => plain(history.graph, ({ bases }) => bases),
  effective: (history) => plain(history.graph, ({ effectiveHeads }) => effectiveHeads),
  labels: (history) =>
    plain(history.graph, () =>
      Object.fromEntries([...history.revisions.keys()].map((id) => [id, [...branchLabelsOf(history, id)].sort()])),
    ),
  show: (history, rows, text) => plain(resolveRevisions(history, text, rows)),
  one: (history, _rows, text) => plain(resolveRevision(history, text), (id) => id ?? null),
  history: (history, rows, text) => plain(listRange(history, text, rows)),
  current: (history, rows) => plain(currentRevisions(history, rows), (ids) => [...ids].sort()),
  upgrade: (history, rows, text) => plain(planUpgrade(history, rows, text), ofPlan),
  downgrade: (history, rows, text) => plain(planDowngrade(history, rows, text), ofPlan),
  "upgrade --sql": (history, _rows, text) => plain(planOffline(history, "upgrade", text), ofPlan),
  "downgrade --sql": (history, _rows, text) => plain(planOffline(history, "downgrade", text), ofPlan),
  stamp: (history, rows, texts) => plain(planStamp(history, rows, JSON.parse(texts) as Rows)),
};

function plain<T>(given: Answer<T>, show: (value: T) => unknown = (value) => value): unknown {
  return "value" in given ? { value: show(given.value) } : { error: given.error.kind };
}
