/** The code of a downgrade, and the proof by replay that it gives the schema back. */
import { playedIn } from "../../facts/played.ts";
import { readRevision } from "../../model/read.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import { replayOf } from "../../project/replay.ts";
import type { Project } from "../../project/snapshot.ts";
import { newEdit } from "../../rewrite/edit.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { autocommitHead } from "../../rewrite/statement-edits.ts";
import { fillIn } from "../../schema/enum-rebuild.ts";
import { renderRemainder, tryRoundTrip } from "../../schema/round-trip.ts";
import { plainName } from "../../schema/replay/schema.ts";
import { renderName, sameName, type Action } from "../../sql/action.ts";
import { applyEdits } from "../../text/edit.ts";
import { codeFor, type Code } from "./code.ts";
import { conditionFor } from "./conditions.ts";
import { renderDirectives } from "./directives.ts";
import type { EditsPlan } from "../edited.ts";
import { demandsValue, type Undoing } from "./inverses.ts";

/** @throws Refused where an inverse cannot be written, or does not give back what there was. */
export function writeDowngrade(
  project: Project,
  file: RevisionFile,
  downgrade: Direction,
  undoings: readonly Undoing[],
): EditsPlan {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const apart = undoings.findIndex(({ actions }) => actions.some(({ details }) => !details.concurrently));
  const written = undoings.map((undoing, i) => ({
    condition: conditionFor(file, undoing.operation, code.op),
    lines: linesFor(project, file, apart < 0 || i < apart ? undoing : inTransaction(undoing), code),
  }));
  edit.replaceBody(downgrade, joinLines(written, apart < 0 ? written.length : apart, code));
  const edits = edit.build();
  prove(project, file, applyEdits(file.text, edits));
  return { edits, notes: undoings.flatMap((undoing) => notesOf(undoing)) };
}

/**
 * Adds what is missing among the statements that are there: above those that take back what was made before.
 * @throws Refused as `writeDowngrade`
 */
export function completeDowngrade(
  project: Project,
  file: RevisionFile,
  downgrade: Direction,
  undoings: readonly Undoing[],
): EditsPlan {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const last = downgrade.statements.at(-1);
  if (!last) throw new Refused("downgrade() stands in another file.");
  const added = undoings.map((undoing) => missingOf(undoing, downgrade)).map(inTransaction);
  if (added.every(({ actions }) => actions.length === 0))
    throw new Refused("What is left behind is not what a single statement of upgrade() has made.");
  added.forEach((undoing, i) => {
    const lines = undoing.actions.length === 0 ? [] : linesFor(project, file, undoing, code);
    if (lines.length === 0) return;
    const guarded = underConditions([{ condition: conditionFor(file, undoing.operation, code.op), lines }]).join("\n");
    const later = undoings.slice(i + 1).flatMap(({ actions }) => actions);
    const anchor = downgrade.statements.find(({ operations }) =>
      operations.some((index) => later.some((action) => isSame(action, downgrade.operations[index]))),
    );
    if (anchor) edit.insertBefore(anchor, guarded);
    else edit.insertAfter(last, guarded);
  });
  const edits = edit.build();
  prove(project, file, applyEdits(file.text, edits));
  return { edits, notes: added.filter(({ actions }) => actions.length > 0).flatMap(notesOf) };
}

const missingOf = ({ operation, actions }: Undoing, { operations }: Direction): Undoing => ({
  operation,
  actions: actions.filter((action) => !operations.some((there) => isSame(action, there))),
});

/** The same thing is done to the same thing. */
function isSame(action: Action, there: Operation | undefined): boolean {
  if (there?.kind !== action.kind) return false;
  const { table, name, columns } = action;
  if (table && there.table && !sameName(plainName(table), plainName(there.table))) return false;
  if (name !== undefined && there.name !== undefined) return name === there.name;
  return columns.length === there.columns.length && columns.every((column) => there.columns.includes(column));
}

/** An index changes concurrently only where nothing before it would be committed by that. */
const inTransaction = (undoing: Undoing): Undoing => ({
  ...undoing,
  actions: undoing.actions.map((action) => {
    const { concurrently: _, indexes, ...details } = action.details;
    const plain = indexes?.map(({ concurrently: __, ...index }) => index);
    return { ...action, details: { ...details, ...(plain && { indexes: plain }) } };
  }),
});

function linesFor(
  { config }: Project,
  file: RevisionFile,
  { operation, actions, remark }: Undoing,
  code: Code,
): readonly string[] {
  if (remark !== undefined) return [`# ${remark}`];
  const rebuilt = actions.some(({ details }) => details.using?.sql?.includes(fillIn) === true);
  const above = rebuilt
    ? [`# A row that holds ${operation.details.value?.name ?? "the value"} stops this: say in CASE what it becomes.`]
    : [];
  const lines = actions.flatMap((action): readonly string[] => {
    const rendered = renderDirectives(action, code, config.dialect === "postgresql");
    if (rendered === undefined)
      throw new Refused(
        `What takes back ${lineOf(file, operation.range)} cannot be written, since a part of it is not known.`,
      );
    const demanding = (action.kind === "add_column" ? action.details.definitions : undefined)?.find(demandsValue);
    return demanding ? ["# The values are gone, so this needs an empty table.", ...rendered] : rendered;
  });
  return [...above, ...lines];
}

interface Written {
  /** The test that it stands under, where there is one. */
  readonly condition: string | undefined;
  readonly lines: readonly string[];
}

const isRemark = (line: string): boolean => line.startsWith("#");

/** What follows each other under one test stands under it together; what is only said needs none. */
function underConditions(written: readonly Written[]): readonly string[] {
  let open: string | undefined;
  return written.flatMap(({ condition, lines }) => {
    if (condition === undefined || lines.every(isRemark)) {
      if (lines.length > 0) open = undefined;
      return lines;
    }
    const head = condition === open ? [] : [`if ${condition}:`];
    open = condition;
    return [...head, ...lines.map((line) => `    ${line}`)];
  });
}

/** The first so many stand in an autocommit block. */
function joinLines(written: readonly Written[], apart: number, { op }: Code): string {
  const inside = underConditions(written.slice(0, apart));
  const acts = inside.some((line) => !line.startsWith("#"));
  const block = acts ? [autocommitHead(op), ...inside.map((line) => `    ${line}`)] : inside;
  const all = [...block, ...underConditions(written.slice(apart))];
  return (all.every((line) => line.startsWith("#")) ? [...all, "pass"] : all).join("\n");
}

const notesOf = ({ actions, remark }: Undoing): readonly string[] => [
  ...(remark === undefined ? [] : [remark]),
  ...actions.flatMap(({ kind, table, details }) =>
    kind === "add_column" && table && details.definitions?.some(demandsValue)
      ? [
          `The column that comes back to ${renderName(table)} is NOT NULL and has no values: the downgrade fails where there are rows.`,
        ]
      : [],
  ),
];

/** @throws Refused where the schema after the way back is another than that before. */
export function prove(project: Project, file: RevisionFile, text: string): void {
  const { config, modules } = project;
  const made = readRevision(file.path, text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
  const [upgrade] = file.upgrades;
  const played = upgrade && playedIn(project, file, upgrade);
  if (!played || made.problems.length > 0) throw new Refused("The revision is not in the history.");
  const trip = tryRoundTrip(played.before, made, replayOf(project).environment);
  if (!trip) return;
  const [difference] = trip.differences;
  if (difference) throw new Refused(`The schema would not be what it was before: ${renderRemainder(difference)}.`);
  const [contradiction] = trip.contradictions;
  if (contradiction) throw new Refused(`The downgrade could not run: ${contradiction.message.replace(/\.$/, "")}.`);
}
