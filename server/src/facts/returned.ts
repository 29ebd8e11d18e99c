/** Where the schema is after a revision and its downgrade, against where it was before. */
import type { RevisionFile } from "../model/revision.ts";
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { tryRoundTrip, type RoundTrip } from "../schema/round-trip.ts";

/** Undefined where the file is not in the history, or its downgrade does nothing by intent. */
export function returnedBy(project: Project, file: RevisionFile): RoundTrip | undefined {
  const id = file.identifiers.revision?.value;
  if (id === undefined || project.history.revisions.get(id)?.file !== file) return undefined;
  const replay = replayOf(project);
  const played = replay.revision(id);
  return played && tryRoundTrip(played.before, file, replay.environment);
}
