/** Where an index change can become a concurrent one: where it stands, or in a revision of its own. */
import type { Judged } from "../../facts/judged.ts";
import { readRevision } from "../../model/read.ts";
import type { Direction, Operation, RevisionFile, Statement } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { changeBuilder, difference } from "../../rewrite/change.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { applyEdits, type TextEdit } from "../../text/edit.ts";
import type { Offer, Part, Place, Result } from "../define.ts";
import { editedFile } from "../edited.ts";
import { orUnavailable, remembered } from "../offering.ts";
import { isAt, onlyUpgrade, ownStatementOf } from "../place.ts";
import { cutOut } from "../split/cut.ts";
import { absent, notesFor, whyNever, type SplitPlan } from "../split/revision.ts";
import { writeParts } from "../split/write.ts";
import { findCandidates, refuseImpossible, type Candidates, type IndexChange } from "./candidates.ts";
import { concurrentEdits } from "./convert.ts";

export type ConcurrentPlan =
  | { readonly how: "in place"; readonly edits: readonly TextEdit[]; readonly notes: readonly string[] }
  | {
      readonly how: "apart";
      readonly split: SplitPlan;
      /** The part that holds the index changes and nothing else. */
      readonly part: number;
      readonly kind: IndexChange;
      readonly notes: readonly string[];
    };

interface Found {
  readonly candidates: Candidates;
  readonly offer: Offer<ConcurrentPlan>;
}

/** Offers the change of all that can be changed in a direction where the person asks about one of them. */
export function offerFor(kind: IndexChange, verb: string): (place: Place) => Offer<ConcurrentPlan> {
  const find = remembered((project, file): readonly Found[] =>
    [...file.upgrades, ...file.downgrades].flatMap((direction) => {
      const candidates = findCandidates(project, file, direction, kind);
      return candidates === undefined
        ? []
        : [{ candidates, offer: orUnavailable(() => offerOf(project, file, candidates, kind, verb)) }];
    }),
  );
  return (place) =>
    place.file.isRevision
      ? find(place.project, place.file).find(({ candidates }) =>
          candidates.operations.some((operation) => isAt(place, operation)),
        )?.offer
      : undefined;
}

function offerOf(
  project: Project,
  file: RevisionFile,
  candidates: Candidates,
  kind: IndexChange,
  verb: string,
): Offer<ConcurrentPlan> {
  refuseImpossible(file, candidates);
  const { operations } = candidates;
  const what = operations.length === 1 ? "the index" : `${operations.length} indexes`;
  const title = `${verb} ${what} concurrently`;
  // Whether each can be rewritten at all is asked first, for a reason that is about the index itself.
  const edits = concurrentEdits(file, operations);
  const notes = notesOf(project, candidates);
  const [blocking] = workBefore(candidates);
  if (!blocking) return { plan: { how: "in place", edits, notes }, title };
  return {
    plan: { how: "apart", ...cutApart(project, file, candidates, blocking), kind, notes },
    title: `${title}, in a revision of its own`,
  };
}

const changes = ({ operation }: Judged): boolean => operation.effect !== "read" && operation.effect !== "session";

/** What an autocommit block around them would commit before the revision is done. */
function workBefore({ operations, judged }: Candidates): readonly Operation[] {
  const last = judged.findLastIndex(({ operation }) => operations.includes(operation));
  return judged
    .slice(0, last)
    .filter((one) => changes(one) && !operations.includes(one.operation))
    .map(({ operation }) => operation);
}

function cutApart(
  project: Project,
  file: RevisionFile,
  { direction, operations }: Candidates,
  blocking: Operation,
): { readonly split: SplitPlan; readonly part: number } {
  const before = `what is done on ${lineOf(file, blocking.range)} would be committed by its autocommit block before the revision is done`;
  if (direction.name === "downgrade" || onlyUpgrade(file) !== direction)
    throw new Refused(`In ${direction.name}(), ${before}.`);
  const reason = whyNever(project, file);
  if (reason !== undefined) throw new Refused(reason);
  const chosen = statementsOf(file, direction, operations);
  const downgrade = file.downgrades[0] ?? absent;
  try {
    const { place, ...cut } = cutOut(file, direction, downgrade, project, chosen);
    return { split: { upgrade: direction, downgrade, cut }, part: place === "first" ? 0 : 1 };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(`It needs a revision of its own, since ${before}; but ${error.message.replace(/\.$/, "")}.`);
  }
}

function statementsOf(
  file: RevisionFile,
  direction: Direction,
  operations: readonly Operation[],
): ReadonlySet<Statement> {
  const chosen = new Set(operations.flatMap((operation) => ownStatementOf(direction, operation) ?? []));
  for (const statement of chosen) {
    const others = statement.operations.flatMap((index) => direction.operations[index] ?? []);
    if (others.some((one) => !operations.includes(one) && one.effect !== "read"))
      throw new Refused(`The statement on ${lineOf(file, statement.range)} does more than change indexes.`);
  }
  return chosen;
}

function notesOf(project: Project, { operations }: Candidates): readonly string[] {
  const { env } = project.config;
  const shared =
    env !== undefined && !env.transactionPerMigration
      ? [
          "env.py does not set transaction_per_migration=True: the autocommit block also commits what earlier revisions of the same `alembic upgrade` have done.",
        ]
      : [];
  const kept = operations.some(({ details }) => details.ifNotExists)
    ? [
        "If a build fails, drop the invalid index that it leaves before you run it again: IF NOT EXISTS takes it for a finished one.",
      ]
    : [];
  return [...shared, ...kept];
}

export function applyPlan({ project, file }: Place, plan: ConcurrentPlan): Result {
  if (plan.how === "in place") return editedFile(file, plan.edits, plan.notes);
  const { split, kind } = plan;
  const { parts, notes } = writeParts(project, file, split, split.cut.parts, notesFor(project, file, split));
  const change = changeBuilder((path) => project.files.has(path));
  const made = parts.map((part, i): Part => {
    const text = i === plan.part ? converted(project, part, kind) : part.text;
    if (part.isNew) change.create(part.path, text);
    else change.edit(part.path, part.before, [difference(part.before, text)]);
    return { ...part, text };
  });
  return { change: change.build(), parts: made, notes: [...notes, ...plan.notes] };
}

function converted({ config, modules }: Project, { path, text }: Part, kind: IndexChange): string {
  const file = readRevision(path, text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
  const operations = file.upgrades[0]?.operations ?? [];
  return applyEdits(
    text,
    concurrentEdits(
      file,
      operations.filter((one) => one.kind === kind && !one.details.concurrently),
    ),
  );
}
