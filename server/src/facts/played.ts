/** One direction of a revision, played on the schema that its ancestors lead to. */
import type { Direction, RevisionFile } from "../model/revision.ts";
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { directionOf, playDirection, type Replayed } from "../schema/replay/replay.ts";

/** Undefined for a file that is not in the history. A downgrade is played on what the upgrade leaves. */
export function playedIn(project: Project, file: RevisionFile, direction: Direction): Replayed | undefined {
  const id = file.identifiers.revision?.value;
  if (id === undefined || project.history.revisions.get(id)?.file !== file) return undefined;
  const replay = replayOf(project);
  const played = replay.revision(id);
  if (!played || directionOf(file.upgrades, replay.environment) === direction) return played;
  const start = direction.name === "upgrade" ? played.before : played.after;
  return playDirection(start, direction, replay.environment);
}
