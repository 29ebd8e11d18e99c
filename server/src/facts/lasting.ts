/** The schema that the whole history leads to. */
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import type { Schema } from "../schema/state.ts";

const kept = new WeakMap<Project, Schema>();

/** After `upgrade heads`. Worked out once for each snapshot of a project. */
export function schemaAtHeads(project: Project): Schema {
  const known = kept.get(project) ?? replayOf(project).at([...project.history.heads]);
  kept.set(project, known);
  return known;
}
