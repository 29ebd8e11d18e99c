/**
 * Changes that have to run in an autocommit block, which commits what stands before it: where nothing does, they are made
 * where they stand, else in a revision of their own.
 */
import type { Judged } from "../facts/judged.ts";
import { readRevision } from "../model/read.ts";
import { statementAround } from "../model/written.ts";
import type { Direction, Operation, RevisionFile, Statement } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { changeBuilder, difference } from "../rewrite/change.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import type { Offer, Part, Place, Result } from "./define.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade, ownStatementOf } from "./place.ts";
import { cutOut } from "./split/cut.ts";
import { absent, whyNever, type SplitPlan } from "./split/revision.ts";
import { applySplit } from "./split/write.ts";

export interface Candidates {
  readonly direction: Direction;
  readonly operations: readonly Operation[];
  /** All that runs in the direction, in order. */
  readonly judged: readonly Judged[];
}

/** `Known`: what the history tells, which a part that is only being made cannot be asked for. */
export interface Conversion<Known> {
  /** What can be changed in a direction. All of it is changed at once. */
  readonly find: (project: Project, file: RevisionFile, direction: Direction) => Candidates | undefined;
  /** @throws Refused where one of them cannot be changed. */
  readonly learn: (file: RevisionFile, candidates: Candidates) => Known;
  /** @throws Refused as `learn`; the operations are of this file, whichever it is. */
  readonly edits: (file: RevisionFile, operations: readonly Operation[], known: Known) => readonly TextEdit[];
  readonly title: (operations: readonly Operation[]) => string;
  readonly notes: (operations: readonly Operation[]) => readonly string[];
}

export type ApartPlan =
  | { readonly how: "in place"; readonly edits: readonly TextEdit[]; readonly notes: readonly string[] }
  | {
      readonly how: "apart";
      readonly split: SplitPlan;
      /** The part that holds what is changed, and nothing else. */
      readonly part: number;
      readonly convert: (file: RevisionFile) => readonly TextEdit[];
      readonly notes: readonly string[];
    };

/** It stands in a block with something else, and can be changed only where it has one of its own. */
export class SharedBlock extends Refused {
  readonly other: Operation;

  constructor(message: string, other: Operation) {
    super(message);
    this.other = other;
  }
}

interface Found {
  readonly candidates: Candidates;
  readonly offer: Offer<ApartPlan>;
}

/** Offers the change where the person asks about one of those that are changed. */
export function offerApart<Known>(conversion: Conversion<Known>): (place: Place) => Offer<ApartPlan> {
  const find = remembered((project, file): readonly Found[] =>
    [...file.upgrades, ...file.downgrades].flatMap((direction) => {
      const candidates = conversion.find(project, file, direction);
      return candidates === undefined
        ? []
        : [{ candidates, offer: orUnavailable(() => offerOf(project, file, candidates, conversion)) }];
    }),
  );
  return (place) =>
    place.file.isRevision
      ? find(place.project, place.file).find(({ candidates }) =>
          candidates.operations.some((operation) => isAt(place, operation)),
        )?.offer
      : undefined;
}

function offerOf<Known>(
  project: Project,
  file: RevisionFile,
  candidates: Candidates,
  { learn, edits, title, notes }: Conversion<Known>,
): Offer<ApartPlan> {
  const { operations } = candidates;
  const known = learn(file, candidates);
  // Whether each can be rewritten at all is asked first, for a reason that is about the statement itself.
  const inPlace = unlessShared(() => edits(file, operations, known));
  const said = [...sharedTransaction(project), ...notes(operations)];
  const [blocking = inPlace.other] = workBefore(candidates);
  if (!blocking) return { plan: { how: "in place", edits: inPlace.edits, notes: said }, title: title(operations) };
  const convert = (part: RevisionFile): readonly TextEdit[] => edits(part, foundIn(part, operations), known);
  return {
    plan: { how: "apart", ...cutApart(project, file, candidates, blocking), convert, notes: said },
    title: `${title(operations)}, in a revision of ${operations.length === 1 ? "its" : "their"} own`,
  };
}

/** The edits; or, in a block with something else, what that is. */
function unlessShared(make: () => readonly TextEdit[]): {
  readonly edits: readonly TextEdit[];
  readonly other?: Operation;
} {
  try {
    return { edits: make() };
  } catch (error) {
    if (error instanceof SharedBlock) return { edits: [], other: error.other };
    throw error;
  }
}

/** Those of the operations that a file holds which was made of this one. */
export const foundIn = (part: RevisionFile, operations: readonly Operation[]): readonly Operation[] =>
  (part.upgrades[0]?.operations ?? []).filter((one) => operations.some((other) => isSame(one, other)));

/** The same statement, in a file that was made of this one. */
const isSame = (a: Operation, b: Operation): boolean =>
  a.kind === b.kind &&
  a.sql === b.sql &&
  a.details.statement === b.details.statement &&
  a.name === b.name &&
  a.table?.name === b.table?.name &&
  a.via === b.via &&
  a.context.length === b.context.length;

/** What an autocommit block does to the revisions before it. */
export function sharedTransaction({ config: { env } }: Project): readonly string[] {
  return env !== undefined && !env.transactionPerMigration
    ? [
        "env.py does not set transaction_per_migration=True: the autocommit block also commits what earlier revisions of the same `alembic upgrade` have done.",
      ]
    : [];
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
  const chosen = new Set(
    operations.flatMap((operation) => {
      const own = ownStatementOf(direction, operation);
      return (own && inSharedBatch(file, direction, operations, own, operation)) ?? own ?? [];
    }),
  );
  for (const statement of chosen) {
    const others = statement.operations.flatMap((index) => direction.operations[index] ?? []);
    if (others.some((one) => !operations.includes(one) && one.effect !== "read"))
      throw new Refused(`The statement on ${lineOf(file, statement.range)} does more than what is to be moved.`);
  }
  return chosen;
}

/** The statement within a batch block that does more than what is to be moved. */
function inSharedBatch(
  file: RevisionFile,
  direction: Direction,
  moved: readonly Operation[],
  own: Statement,
  operation: Operation,
): Statement | undefined {
  const isShared = own.operations.some((index) => {
    const one = direction.operations[index];
    return one !== undefined && !moved.includes(one) && one.effect !== "read";
  });
  return operation.via === "batch" && isShared ? statementAround(file, operation.range)?.statement : undefined;
}

export function applyApart({ project, file }: Place, plan: ApartPlan): Result {
  if (plan.how === "in place") return editedFile(file, plan.edits, plan.notes);
  const { split, convert } = plan;
  const made = applySplit({ project, file }, split);
  const rewritten = rewriteParts(project, made, (part, i) => (i === plan.part ? convert(part) : []));
  return { ...rewritten, notes: [...rewritten.notes, ...plan.notes] };
}

/** The same parts, with more edits of each. */
export function rewriteParts(
  project: Project,
  { parts, notes }: Result,
  edits: (part: RevisionFile, index: number) => readonly TextEdit[],
): Result {
  const change = changeBuilder((path) => project.files.has(path));
  const { config, modules } = project;
  const made = parts.map((part, i): Part => {
    const file = readRevision(part.path, part.text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
    const text = applyEdits(part.text, edits(file, i));
    if (part.isNew) change.create(part.path, text);
    else change.edit(part.path, part.before, [difference(part.before, text)]);
    return { ...part, text };
  });
  return { change: change.build(), parts: made, notes };
}
