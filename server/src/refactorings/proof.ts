/** The proof by replay: stages that are made of one revision lead to its schema, and back to where its own way back leads. */
import { playedIn } from "../facts/played.ts";
import { readRevision } from "../model/read.ts";
import type { Direction, RevisionFile } from "../model/revision.ts";
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { Refused } from "../rewrite/refused.ts";
import { compareSchemas, renderDifference, type Difference } from "../schema/difference.ts";
import type { Contradiction } from "../schema/replay/apply.ts";
import type { Environment } from "../schema/replay/environment.ts";
import { directionOf, playDirection } from "../schema/replay/replay.ts";
import type { KnownSchema } from "../schema/replay/schema.ts";
import { applyEdits } from "../text/edit.ts";
import type { Stage } from "./stages.ts";

interface Run {
  readonly after: KnownSchema;
  readonly contradictions: readonly Contradiction[];
}

function playAll(start: KnownSchema, directions: readonly (Direction | undefined)[], environment: Environment): Run {
  let after = start;
  const contradictions: Contradiction[] = [];
  for (const direction of directions) {
    if (!direction) continue;
    const played = playDirection(after, direction, environment);
    after = played.after;
    contradictions.push(...played.contradictions);
  }
  return { after, contradictions };
}

/** @throws Refused where the stages, or the way back through them, would leave another schema or could not run. */
export function proveStages(project: Project, file: RevisionFile, stages: readonly Stage[]): void {
  const { config, modules } = project;
  const { environment } = replayOf(project);
  const upgrade = directionOf(file.upgrades, environment);
  const played = upgrade && playedIn(project, file, upgrade);
  if (!played) throw new Refused("The revision is not in the history.");
  const made = stages.map(({ edits }) =>
    readRevision(file.path, applyEdits(file.text, edits), {
      dialect: config.dialect,
      ...(modules ? { modules } : {}),
    }),
  );
  if (made.some(({ problems }) => problems.some(({ code }) => code === "syntax")))
    throw new Refused("What would be written is no Python, which is a defect of Retort.");
  const up = playAll(
    played.before,
    made.map(({ upgrades }) => directionOf(upgrades, environment)),
    environment,
  );
  refuseOther("The stages", up, played);
  const downgrade = directionOf(file.downgrades, environment);
  if (downgrade?.form !== "body") return;
  const back = playAll(
    up.after,
    made.map(({ downgrades }) => directionOf(downgrades, environment)).reverse(),
    environment,
  );
  refuseOther("The way back through the stages", back, playAll(played.after, [downgrade], environment));
}

function refuseOther(what: string, run: Run, original: Run): void {
  const [difference] = compareSchemas(original.after, run.after).differences.filter(
    (one) => !isDoubtful(one, [original.after, run.after]),
  );
  if (difference) throw new Refused(`${what} would leave another schema: ${renderDifference(difference)}.`);
  // What already speaks against the original is no news.
  const [contradiction] = original.contradictions.length > 0 ? [] : run.contradictions;
  if (contradiction) throw new Refused(`${what} could not run: ${contradiction.message.replace(/\.$/, "")}.`);
}

/** Which indexes went with a column that an expression mentions is not known, and may be told differently for two names. */
function isDoubtful({ thing, table }: Difference, schemas: readonly KnownSchema[]): boolean {
  if (table === undefined || (thing !== "index" && thing !== "constraint")) return false;
  return schemas.some((schema) => {
    const known = schema.table(table);
    return typeof known !== "object" || known.doubt !== undefined;
  });
}
