/** One direction of a revision, played on the schema that its ancestors lead to. */
import type { Direction, RevisionFile } from "../model/revision.ts";
import { environmentOf, replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { directionOf, playDirection, type Replayed } from "../schema/replay/replay.ts";
import { inquire } from "./inquiry.ts";

/** What the upgrade meets and leaves; undefined for a file that is not in the history. */
export function upgradePlayed(project: Project, file: RevisionFile): Replayed | undefined {
  const id = file.identifiers.revision?.value;
  if (id === undefined) return undefined;
  const play = (whole: Project): Replayed | undefined =>
    whole.history.revisions.get(id)?.file === file ? replayOf(whole).revision(id) : undefined;
  // What was played of the same file on the same schema is kept, so that it is the same value.
  return inquire(project, "played", play, { isSame: Object.is, question: { playedTo: id } });
}

/** Undefined for a file that is not in the history. A downgrade is played on what the upgrade leaves. */
export function playedIn(project: Project, file: RevisionFile, direction: Direction): Replayed | undefined {
  const environment = environmentOf(project.config);
  const played = upgradePlayed(project, file);
  if (!played || directionOf(file.upgrades, environment) === direction) return played;
  const start = direction.name === "upgrade" ? played.before : played.after;
  return playDirection(start, direction, environment);
}
