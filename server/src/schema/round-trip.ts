/** Does the way back bring the schema back? Upgrade, then downgrade, played and compared with the schema before. */
import type { RevisionFile } from "../model/revision.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { compareSchemas, type Difference } from "./difference.ts";
import type { Contradiction } from "./replay/apply.ts";
import type { Environment } from "./replay/environment.ts";
import { directionOf, playDirection } from "./replay/replay.ts";
import { findUnlike, type KnownSchema } from "./replay/schema.ts";

export interface RoundTrip {
  /** From the schema before to the schema after the way back. */
  readonly differences: readonly Difference[];
  /** The same with those of tables that are not known for certain: what there is to bring back, as far as it is known. */
  readonly possible: readonly Difference[];
  /** Of the downgrade: it drops what is not there, makes what is. */
  readonly contradictions: readonly Contradiction[];
  /** What could not be judged, and why. */
  readonly doubts: readonly string[];
}

/** Undefined where the file has no `downgrade()`, or one that does nothing by intent (`pass`, `raise`). */
export function tryRoundTrip(before: KnownSchema, file: RevisionFile, environment: Environment): RoundTrip | undefined {
  const up = directionOf(file.upgrades, environment);
  const down = directionOf(file.downgrades, environment);
  if (!up || down?.form !== "body") return undefined;
  const { after } = playDirection(before, up, environment);
  const back = playDirection(after, down, environment);
  const compared = compareSchemas(before, back.after);
  const { differences } = compared;
  const isDoubtful = doubtfulIn(before, back.after);
  return {
    differences: differences.filter((difference) => !isDoubtful(difference)),
    possible: differences,
    contradictions: back.contradictions,
    get doubts() {
      return compared.doubts;
    },
  };
}

/** Of a table that is not known for certain nothing is said. */
function doubtfulIn(before: KnownSchema, after: KnownSchema): (difference: Difference) => boolean {
  // Only what the two do not share makes differences.
  const unlike = findUnlike(before, after);
  const names = new Set([
    ...unlike.before.tables.filter(({ name }) => isDoubted(before, name)).map(({ name }) => renderName(name)),
    ...unlike.after.tables.filter(({ name }) => isDoubted(after, name)).map(({ name }) => renderName(name)),
    // It has gone, and may have come back under a name that is not known.
    ...unlike.before.tables.filter(({ name }) => after.table(name) === "unknown").map(({ name }) => renderName(name)),
  ]);
  const isAnyDoubtful = before.doubt !== undefined || after.doubt !== undefined;
  return ({ thing, name, table }) => {
    if (table !== undefined) return names.has(renderName(table));
    if (thing === "column") return names.has(name.slice(0, name.lastIndexOf(".")));
    return thing === "table" ? names.has(name) : isAnyDoubtful;
  };
}

function isDoubted(schema: KnownSchema, name: QualifiedName): boolean {
  const table = schema.table(name);
  return typeof table === "object" && table.doubt !== undefined;
}

/** Longer definitions are cut: a message is one line. */
const longest = 80;

function short(text = "unknown"): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** "column users.full_name remains", "index ix_users_email of users is missing", "column users.email: nullable is true, was false" */
export function renderRemainder({ thing, how, name, table, property, before, after }: Difference): string {
  const what = `${thing} ${name}${table === undefined ? "" : ` of ${renderName(table)}`}`;
  if (how === "added") return `${what} remains`;
  return how === "removed"
    ? `${what} is missing`
    : `${what}: ${property ?? "definition"} is ${short(after)}, was ${short(before)}`;
}
