/** What the schema that is replayed from the history says against an operation, where it is certain. */
import {
  deedsBeside,
  hasStrangersBeside,
  isSameThing,
  isTouchedBefore,
  madeBy,
  relationsBeside,
  takenBy,
  type Deed,
  type Doing,
} from "../facts/past.ts";
import { defineInquiry } from "../facts/inquiry.ts";
import type { Judged } from "../facts/judged.ts";
import type { Operation } from "../model/revision.ts";
import type { Contradiction } from "../schema/replay/apply.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Table } from "../schema/state.ts";
import { renderName, tableEntity, type Entity, type QualifiedName } from "../sql/action.ts";
import { distance, findNearest } from "../text/nearest.ts";
import { at, type Found, type Subject } from "./define.ts";

export interface Contradicting extends Found {
  readonly contradiction: Contradiction;
  /** What became of the thing, or what may have been meant, as the end of a sentence. */
  readonly end: string;
}

export const renderContradicting = ({ contradiction, end }: Contradicting): string =>
  `${contradiction.message.replace(/\.$/, "")}${end}`;

/** Contradictions of one kind, each with what is known of the thing. */
export function* contradicting(
  subject: Subject,
  isMeant: (contradiction: Contradiction) => boolean,
): Iterable<Contradicting> {
  for (const judged of subject.judged) {
    if (!judged.isUnderstood) continue;
    for (const contradiction of judged.contradictions.filter(isMeant)) {
      const why = contradiction.how === "missing" ? whyMissing : whyPresent;
      const end = why({ subject, judged, ...contradiction });
      if (end !== undefined) yield { ...at(judged), contradiction, end };
    }
  }
}

interface Case extends Pick<Contradiction, "thing" | "table"> {
  readonly subject: Subject;
  readonly judged: Judged;
}

/** What runs in this revision before the operation. */
function ownBefore({ subject: { upgrade }, judged: { direction, index } }: Case): readonly Operation[] {
  const before = direction.operations.slice(0, index);
  return direction === upgrade ? before : [...upgrade.operations, ...before];
}

const deedsOf = ({ subject: { file, project }, thing }: Case, doing: Doing): readonly Deed[] => {
  const id = file.identifiers.revision?.value;
  return id === undefined ? [] : deedsBeside(project, id, doing, thing);
};

const isBefore = ({ standing }: Deed): boolean => standing === "before";

function whyPresent(one: Case): string {
  const isIt = (thing: Entity): boolean => isSameThing(thing, one.thing);
  if (ownBefore(one).some((operation) => madeBy(operation).some(isIt))) return ": this revision has made it already.";
  const maker = deedsOf(one, "made").findLast(isBefore);
  return maker === undefined ? "." : `: revision ${maker.revision} has made it.`;
}

/** The end of the sentence; undefined where the thing may be there all the same. */
function whyMissing(one: Case): string | undefined {
  const isIt = (thing: Entity): boolean => isSameThing(thing, one.thing);
  const makers = deedsOf(one, "made");
  // Which of two branches runs first is nobody's promise.
  if (makers.some(({ standing }) => standing === "beside") || !isCertainlyMissing(one)) return undefined;
  const gone = "has taken it away.";
  if (ownBefore(one).some((operation) => takenBy(operation).some(isIt))) return `: this revision ${gone}`;
  const taker = deedsOf(one, "taken").findLast(isBefore);
  if (taker) return `: revision ${taker.revision} ${gone}`;
  const later = makers.find(({ standing }) => standing === "after");
  if (later) return `: revision ${later.revision} makes it, and runs later.`;
  const near = nearestTo(one);
  return near === undefined ? "." : `; did you mean "${near}"?`;
}

function isCertainlyMissing(one: Case): boolean {
  if (one.thing.type === "table") return isTableCertainlyMissing(one);
  return one.thing.type === "column" ? isColumnCertainlyMissing(one) : isPartCertainlyMissing(one);
}

/** Only PostgreSQL and Oracle tell names apart by case. */
function isColumnCertainlyMissing({ subject, judged: { schema }, thing }: Case): boolean {
  if (subject.project.config.dialect === "postgresql") return true;
  const table = schema.table(thing.name);
  const folded = thing.column?.toLowerCase();
  return typeof table === "object" && !table.columns.some(({ name }) => name.toLowerCase() === folded);
}

/** Servers and older versions of SQLAlchemy make some constraints and indexes unasked. */
function isPartCertainlyMissing({ subject, judged: { schema, operation }, thing, table: on }: Case): boolean {
  const { dialect } = subject.project.config;
  const table = on && schema.table(on);
  if (typeof table !== "object") return thing.type === "index" && dialect === "postgresql";
  if (dialect === "mysql" || dialect === "mariadb") {
    if (table.constraints.some(({ type }) => type === "foreign_key")) return false;
    if (table.indexes.some(({ name }) => name === thing.name.name)) return false;
  }
  const mayBeCheck = (operation.details.constraintType ?? "check") === "check";
  return thing.type !== "constraint" || !mayBeCheck || !table.columns.some(mayHaveCheck);
}

/** SQLAlchemy before 1.4 put a CHECK beside each boolean and each enum that the server does not know. */
const mayHaveCheck = ({ type }: Table["columns"][number]): boolean =>
  type === undefined || type.enum !== undefined || /^(?:bool|tinyint|smallint|bit|.*char)/i.test(type.name);

const bare = ({ name }: QualifiedName): string => name.toLowerCase();
const isRelation = ({ type }: Entity): boolean => type === "table" || type === "view";

/**
 * A history may begin on a database that exists, and frameworks bring tables of their own. A table that no revision makes
 * is held to be wrong only where everything else that the whole history touches was made by it.
 */
function isTableCertainlyMissing(one: Case): boolean {
  const { subject, judged, thing } = one;
  const { project, file, upgrade, downgrade } = subject;
  if (bare(thing.name) === project.config.versionTable.toLowerCase()) return false;
  const isMeant = (other: Entity): boolean => isRelation(other) && bare(other.name) === bare(thing.name);
  const own = [...upgrade.operations, ...(downgrade?.operations ?? [])];
  // Temporary tables are not followed.
  if (own.some((operation) => operation.details.temporary && madeBy(operation).some(isMeant))) return false;
  const id = file.identifiers.revision?.value;
  const beside = id === undefined ? [] : relationsBeside(project, id, thing.name.name);
  const ownMade = upgrade.operations.flatMap(madeBy).filter(isMeant);
  const made = [...beside.map((deed) => deed.thing), ...ownMade];
  // Under another schema it may be found by a search path.
  if (made.some((other) => !isSameThing(other, tableEntity(thing.name)))) return false;
  // What was made before has been taken away since. What is made later may have been there before, too.
  if (beside.some(isBefore) || ownBefore(one).flatMap(madeBy).some(isMeant)) return true;
  if ((isBase(project, id ?? "") && made.length === 0) || hasStrangersBeside(project, id ?? "")) return false;
  if (made.length > 0) return !isTouchedBefore(project, id ?? "", thing.name.name);
  const near = nearestTo(one);
  if (near !== undefined && isSlip(near, thing.name.name)) return true;
  const { effect, table } = judged.operation;
  const isTarget = effect === "schema" && table !== undefined && keyOf(table) === keyOf(thing.name);
  return isTarget && [...judged.schema.tables].length >= enoughTables;
}

const isBase = defineInquiry("base", ({ history }, id: string) => history.bases.includes(id));

/** A history that has made so many tables has made them all. */
const enoughTables = 3;

const shortName = 5;

/** A letter or two, or a plural. */
const isSlip = (a: string, b: string): boolean =>
  distance(a.toLowerCase(), b.toLowerCase()) <= (Math.min(a.length, b.length) < shortName ? 1 : 2);

function nearestTo({ judged: { schema }, thing, table: on }: Case): string | undefined {
  if (thing.type === "table") {
    const tables = [...schema.tables].map(({ name }) => renderName(name));
    return findNearest(renderName(thing.name), tables)[0];
  }
  const table = schema.table(on ?? thing.name);
  if (typeof table !== "object") return undefined;
  const parts = { column: table.columns, index: table.indexes }[thing.type as string] ?? table.constraints;
  const names = parts.flatMap(({ name }) => name ?? []);
  return findNearest(thing.column ?? thing.name.name, names)[0];
}
