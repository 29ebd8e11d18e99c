/** What a command of Alembic would run from where a database stands. */
import { collectDowngrade, collectUpgrade, type Collected } from "./collect.ts";
import { answer, refuse, valueOf, type Answer } from "./error.ts";
import type { Graph } from "./graph.ts";
import type { History } from "./history.ts";
import { isRevision, revisionNamed } from "./lookup.ts";
import { splitRange } from "./range.ts";
import { VersionRows, type RowChange } from "./rows.ts";

export interface Step {
  readonly id: string;
  /** What it does to the rows of `alembic_version`. */
  readonly rows: RowChange;
}

export interface Plan {
  readonly direction: "upgrade" | "downgrade";
  /** The revisions whose `upgrade()` or `downgrade()` runs, in that order. */
  readonly steps: readonly Step[];
  /** The rows of `alembic_version` before and, sorted, after all of it. */
  readonly current: readonly string[];
  readonly rows: readonly string[];
  /** One sentence where Alembic warns that the target is ambiguous, and goes on. */
  readonly warning?: string;
}

/**
 * What `alembic upgrade target` runs.
 * @param current the rows of `alembic_version`; none: an empty database
 */
export const planUpgrade = (history: History, current: readonly string[], target: string): Answer<Plan> =>
  answer(() => planOf(valueOf(history.graph), "upgrade", current, withoutRange(target)));

/** What `alembic downgrade target` runs. */
export const planDowngrade = (history: History, current: readonly string[], target: string): Answer<Plan> =>
  answer(() => planOf(valueOf(history.graph), "downgrade", current, withoutRange(target)));

/** What `alembic upgrade range --sql` or `downgrade range --sql` prints: `from:to`, for an upgrade also `to`. */
export const planOffline = (history: History, direction: Plan["direction"], range: string): Answer<Plan> =>
  answer(() => {
    const graph = valueOf(history.graph);
    if (range.includes(":")) {
      const { lower, upper } = splitRange(range);
      return planOf(graph, direction, startOf(graph, lower), upper);
    }
    if (direction === "upgrade") return planOf(graph, direction, [], range);
    return refuse("CommandError", "A downgrade as SQL needs a range, <from>:<to>.");
  });

function withoutRange(target: string): string {
  return target.includes(":") ? refuse("CommandError", "A range can only be written out as SQL (--sql).") : target;
}

/** The row that the lower end of a range stands for. */
function startOf(graph: Graph, text: string): readonly string[] {
  return text === "base" ? [] : [isRevision(revisionNamed(graph, text), text).id];
}

function planOf(graph: Graph, direction: Plan["direction"], current: readonly string[], target: string): Plan {
  const isUpgrade = direction === "upgrade";
  const { ids, warning }: Collected = isUpgrade
    ? collectUpgrade(graph, current, target)
    : collectDowngrade(graph, current, target);
  const rows = new VersionRows(graph, current);
  const steps = (isUpgrade ? [...ids].reverse() : ids).map((id): Step => {
    const node = isRevision(graph.names.get(id), id);
    return { id, rows: isUpgrade ? rows.upgrade(node) : rows.downgrade(node) };
  });
  return { direction, steps, current, rows: [...rows.rows()].sort(), ...(warning === undefined ? {} : { warning }) };
}
