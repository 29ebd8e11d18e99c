/** The checklist before a deployment, answered for one revision with facts; what is not known is said to be so. */
import { judgedIn } from "../../facts/judged.ts";
import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { postgresVersions } from "../../sql/postgres-version.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Answer, QuestionId, Reviewed } from "./answer.ts";
import { askBatches } from "./batches.ts";
import { askCompatible } from "./compatible.ts";
import { askLocks } from "./locks.ts";
import { askMoment } from "./moment.ts";
import { askOneChange } from "./one-change.ts";
import { askWayBack } from "./way-back.ts";
import { dataChangesOf } from "./work.ts";

export interface Review {
  readonly path: string;
  readonly revision: string | undefined;
  readonly message: string;
  readonly statements: RevisionFile["statements"];
  readonly answers: readonly Answer[];
}

/** As the checklist puts it; each is good when it holds. */
export const questions: Readonly<Record<QuestionId, string>> = {
  moment: "Each step is done in a moment",
  locks: "Nobody waits long for a lock",
  compatible: "The running release works before and after",
  "way-back": "The way back brings everything back",
  "one-change": "It is one logical change",
  batches: "Large changes of rows go in batches",
};

const asked: readonly ((reviewed: Reviewed) => Answer)[] = [
  askMoment,
  askLocks,
  askCompatible,
  askWayBack,
  askOneChange,
  askBatches,
];

export function reviewRevision(project: Project, file: RevisionFile, settings: Settings): Review {
  const { postgresqlVersion } = settings;
  const versions = postgresqlVersion === undefined ? postgresVersions : [postgresqlVersion];
  const upgrade = file.upgrades.flatMap((direction) => judgedIn(project, file, direction, versions));
  const reviewed = { project, file, upgrade, settings, dataChanges: dataChangesOf(file, project.config) };
  return {
    path: file.path,
    revision: file.identifiers.revision?.value,
    message: file.header?.message.value ?? "",
    statements: file.statements,
    answers: asked.map((ask) => ask(reviewed)),
  };
}
