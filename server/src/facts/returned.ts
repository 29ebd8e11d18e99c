/** Where the schema is after a revision and its downgrade, against where it was before. */
import type { RevisionFile } from "../model/revision.ts";
import { environmentOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { tryRoundTrip, type RoundTrip } from "../schema/round-trip.ts";
import { upgradePlayed } from "./played.ts";

/** Undefined where the file is not in the history, or its downgrade does nothing by intent. */
export function returnedBy(project: Project, file: RevisionFile): RoundTrip | undefined {
  const played = upgradePlayed(project, file);
  return played && tryRoundTrip(played.before, file, environmentOf(project.config));
}
