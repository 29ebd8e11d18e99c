/** The schema that the whole history leads to. */
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import type { Found, Schema, Table } from "../schema/state.ts";
import type { QualifiedName } from "../sql/action.ts";
import { defineInquiry } from "./inquiry.ts";

const kept = new WeakMap<Project, Schema>();

/** After `upgrade heads`. Worked out once for each snapshot of a project. */
function schemaAtHeads(project: Project): Schema {
  const known = kept.get(project) ?? replayOf(project).at([...project.history.heads]);
  kept.set(project, known);
  return known;
}

export const tableAtHeads = defineInquiry("table at heads", (project, name: QualifiedName): Found<Table> =>
  schemaAtHeads(project).table(name),
);
