/** Which time limits are set when an operation runs: by env.py, or by the revision itself. */
import type { Context, Operation } from "../model/revision.ts";
import { toMilliseconds } from "../project/env-timeouts.ts";
import type { ProjectConfig } from "../project/snapshot.ts";
import type { Judged } from "./judged.ts";

export interface Limit {
  /** 0 is no limit. */
  readonly milliseconds: number;
  /** What sets it; undefined: env.py. */
  readonly by: Judged | undefined;
}

/** - `none`: nothing sets it, as far as files tell. `unknown`: something may set it, or sets it to what is not known. */
export type InForce = Limit | "none" | "unknown";

export const setsTimeout = ({ kind, details }: Operation, setting: string): boolean =>
  kind === "set" && details.setting?.name.toLowerCase() === setting;

/** Tests that hold wherever the revision runs at all count for nothing. */
const isConditional = (context: Context): boolean =>
  context.kind === "try" || context.kind === "loop" || (context.kind === "branch" && context.on !== "offline");

/** `setting` as the server calls it. `judged` are the operations among which `one` is. */
export function timeoutAt(judged: readonly Judged[], one: Judged, setting: string, config: ProjectConfig): InForce {
  let session = ofEnvironment(config, setting);
  let local: InForce | undefined;
  let localIn = -1;
  for (const other of judged) {
    if (other.direction !== one.direction) continue;
    if (other === one) break;
    const { operation } = other;
    if (operation.kind === "opaque" && session === "none") session = "unknown";
    if (!setsTimeout(operation, setting)) continue;
    // A transaction of its own: gone at once.
    if (operation.details.setting?.local && other.isAutocommit) continue;
    const value = valueOf(other, setting);
    if (operation.details.setting?.local) [local, localIn] = [value, other.transaction];
    else [session, local] = [value, undefined];
  }
  return local !== undefined && localIn === one.transaction ? local : session;
}

function valueOf(one: Judged, setting: string): InForce {
  const { details, context } = one.operation;
  const value = details.setting?.value;
  const milliseconds = value === undefined ? undefined : toMilliseconds(setting, value.replaceAll("'", ""));
  if (milliseconds === undefined || context.some(isConditional)) return "unknown";
  return { milliseconds, by: one };
}

/** Where env.py leaves it to other code to connect, nothing is known. */
function ofEnvironment({ env, url }: ProjectConfig, setting: string): InForce {
  if (env?.configure === undefined || env.broken !== undefined || url?.includes(setting)) return "unknown";
  const last = env.timeouts.findLast((timeout) => timeout.setting === setting);
  if (last === undefined) return "none";
  if (last.conditional || last.local || last.milliseconds === undefined) return "unknown";
  return { milliseconds: last.milliseconds, by: undefined };
}
