/** Makes every split that is offered, and checks that nothing was lost on the way. */
import { buildHistory } from "../../server/src/history/build.ts";
import { appliesTo } from "../../server/src/model/applies.ts";
import { readRevision } from "../../server/src/model/read.ts";
import type { Operation, RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import type { Part, Result } from "../../server/src/refactorings/define.ts";
import { refactoringById } from "../../server/src/refactorings/offers.ts";
import type { Dialect } from "../../server/src/sql/action.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { findOrder, type Order } from "./order.ts";

export type Split =
  | { readonly outcome: "not-offered" }
  | { readonly outcome: "refused"; readonly reason: string }
  | { readonly outcome: "made"; readonly result: Result; readonly faults: readonly string[]; readonly order: Order };

const splitMixed = refactoringById("split-mixed-migration");

export function trySplit(project: Project, file: RevisionFile): Split {
  const at = file.upgrades[0]?.nameRange?.start ?? 0;
  const place = { project, file, range: { start: at, end: at } };
  const offer = splitMixed?.plan(place);
  if (splitMixed === undefined || offer === undefined) return { outcome: "not-offered" };
  if ("unavailable" in offer) return { outcome: "refused", reason: offer.unavailable };
  const result = splitMixed.apply(place, offer.plan);
  const parts = readParts(project, result).map((part) => part.file);
  const order = findOrder(project, file, parts);
  return { outcome: "made", result, faults: [...findFaults(project, file, result), ...order.faults], order };
}

interface ReadPart {
  readonly part: Part;
  readonly file: RevisionFile;
}

function readParts({ config, modules }: Project, { parts }: Result): readonly ReadPart[] {
  const { dialect } = config;
  return parts.map((part) => ({ part, file: readRevision(part.path, part.text, { dialect, modules }) }));
}

/** What a split must never do, in words. */
function* findFaults(project: Project, original: RevisionFile, result: Result): Iterable<string> {
  const { dialect } = project.config;
  const parts = readParts(project, result);
  if (parts.length < 2) yield "there are fewer than two parts";
  for (const { part, file } of parts) {
    for (const { code, message } of file.problems) {
      if (!original.problems.some((problem) => problem.code === code)) yield `${part.name} has a problem: ${message}`;
    }
    if (file.identifiers.revision?.value !== part.revision) yield `${part.name} has another id than it says`;
    if (part.isNew && project.files.has(part.path)) yield `${part.name} would overwrite ${part.path}`;
  }
  yield* findChainFaults(
    original,
    parts.map(({ file }) => file),
  );
  yield* findHistoryFaults(
    project,
    parts.map(({ file }) => file),
  );
  yield* findChangeFaults(original, result);
  yield* findOperationFaults(
    "upgrade",
    original.upgrades,
    parts.map(({ file }) => file.upgrades),
    dialect,
  );
  yield* findOperationFaults(
    "downgrade",
    original.downgrades,
    parts.map(({ file }) => file.downgrades),
    dialect,
  );
}

function* findChainFaults(original: RevisionFile, parts: readonly RevisionFile[]): Iterable<string> {
  const ids = parts.map((file) => file.identifiers.revision?.value ?? "");
  if (ids.at(-1) !== original.identifiers.revision?.value) yield "the last part does not keep the revision's id";
  for (const [i, file] of parts.entries()) {
    const parents = file.identifiers.downRevision?.value ?? [];
    const expected = i === 0 ? (original.identifiers.downRevision?.value ?? []) : [ids[i - 1] ?? ""];
    if (parents.join() !== expected.join())
      yield `part ${String(i + 1)} follows ${parents.join() || "nothing"} and not ${expected.join() || "nothing"}`;
  }
  const labels = parts.flatMap((file) => file.identifiers.branchLabels?.value ?? []);
  if (labels.join() !== (original.identifiers.branchLabels?.value ?? []).join())
    yield "the branch labels are not those of the original";
}

function* findHistoryFaults(project: Project, parts: readonly RevisionFile[]): Iterable<string> {
  const files = new Map(project.files);
  for (const part of parts) files.set(part.path, part);
  const after = buildHistory([...files.values()].filter((file) => file.isRevision));
  const before = project.history;
  for (const id of before.revisions.keys()) if (!after.revisions.has(id)) yield `revision ${id} is lost`;
  if ([...after.heads].sort().join() !== [...before.heads].sort().join())
    yield `the heads are ${after.heads.join()} and were ${before.heads.join()}`;
  if (after.problems.length > before.problems.length)
    yield `the history has a new problem: ${after.problems.at(-1)?.message ?? ""}`;
}

function* findChangeFaults(original: RevisionFile, { change, parts }: Result): Iterable<string> {
  const created = new Map(change.create.map(({ path, text }) => [path, text]));
  for (const part of parts) {
    if (part.isNew && created.get(part.path) !== part.text) yield `${part.name} is shown and created differently`;
  }
  const edits = change.edit.find(({ path }) => path === original.path)?.edits ?? [];
  const last = parts.at(-1);
  if (last && applyEdits(original.text, edits) !== last.text) yield "the edits of the original do not make its part";
}

/** Operations that may be repeated in each part: they change nothing that stays. */
const repeatable = new Set<Operation["effect"]>(["read", "session", "transaction"]);

type Directions = RevisionFile["upgrades"];

/** The parts together do what the original did, once each. */
function* findOperationFaults(
  direction: string,
  before: Directions,
  after: readonly Directions[],
  dialect: Dialect,
): Iterable<string> {
  // What a context manager does on another dialect goes with each block that is opened with it.
  const counted = (operation: Operation): boolean => operation.calls.length === 0 || appliesTo(operation, dialect);
  const was = count(before.flatMap(({ operations }) => operations.filter(counted)));
  const now = after.flatMap((directions) => directions.flatMap(({ operations }) => operations.filter(counted)));
  const expected = count(direction === "downgrade" ? now.filter(undoesBackfill) : []);
  const is = count(now);
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [had, has] = [was.get(key) ?? 0, is.get(key) ?? 0];
    if (had > has) yield `${direction} has lost ${key}`;
    if (has - (expected.get(key) ?? 0) > had) yield `${direction} has gained ${key}`;
  }
}

/** A backfill of a column that an earlier part added gets its reverse: the column may be NULL again, and is. */
const undoesBackfill = ({ kind, details }: Operation): boolean =>
  (kind === "update" && details.setsNull === true) || (kind === "alter_column" && details.nullable === true);

function count(operations: readonly Operation[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, effect, table, name, columns, sql } of operations) {
    if (repeatable.has(effect)) continue;
    const key = [
      kind,
      table?.name ?? "?",
      name ?? "",
      columns.join(","),
      (sql ?? "").split(/\s+/).join(" ").slice(0, 80),
    ]
      .join(" ")
      .trim();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
