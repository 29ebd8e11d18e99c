/** What refactorings have in common that make several stages of one change of an existing table. */
import { judgedIn, type Judged } from "../facts/judged.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import { findCall } from "../model/written.ts";
import type { Project } from "../project/snapshot.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { sameName, type QualifiedName } from "../sql/action.ts";
import { slice } from "../text/range.ts";
import type { Offer, Part, Place, Result } from "./define.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade } from "./place.ts";
import { proveStages } from "./proof.ts";
import { whyNever } from "./split/revision.ts";
import { writeStages, type Stage } from "./stages.ts";

export interface StagesPlan {
  readonly stages: readonly Stage[];
  readonly notes: readonly string[];
}

export interface Staging {
  readonly project: Project;
  readonly file: RevisionFile;
  readonly upgrade: Direction;
  readonly judged: Judged;
}

/** Several that are changed at once, the first of which is `judged`. */
export interface StagingTogether extends Staging {
  readonly all: readonly Judged[];
}

export interface Made {
  readonly plan: StagesPlan;
  readonly title: string;
}

/** `advice`: what to mind when the parts are run. */
export const applyStages =
  (advice?: (parts: readonly Part[]) => string) =>
  ({ project, file }: Place, { stages, notes }: StagesPlan): Result => {
    const result = writeStages(project, file, stages, notes);
    return advice ? { ...result, notes: [...result.notes, advice(result.parts)] } : result;
  };

interface Found {
  readonly operations: readonly Operation[];
  /** Worked out when somebody asks at one of them. */
  readonly offer: () => Offer<StagesPlan>;
}

/** Offers stages for each operation of upgrade() on its own, on PostgreSQL. */
export const offerStages = (
  isSubject: (operation: Operation) => boolean,
  make: (staging: Staging) => Made | undefined,
): ((place: Place) => Offer<StagesPlan>) => offering(isSubject, (subjects) => subjects.map((judged) => [judged]), make);

/** Offers stages for all such operations of upgrade() at once, on PostgreSQL. */
export const offerStagesTogether = (
  isSubject: (operation: Operation) => boolean,
  make: (staging: StagingTogether) => Made | undefined,
): ((place: Place) => Offer<StagesPlan>) => offering(isSubject, (subjects) => [subjects], make);

function offering(
  isSubject: (operation: Operation) => boolean,
  group: (subjects: readonly Judged[]) => readonly (readonly Judged[])[],
  make: (staging: StagingTogether) => Made | undefined,
): (place: Place) => Offer<StagesPlan> {
  const find = remembered((project, file): readonly Found[] => {
    const upgrade = onlyUpgrade(file);
    if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return [];
    if (!upgrade.operations.some(isSubject)) return [];
    const subjects = judgedIn(project, file, upgrade).filter(
      (one) => one.isUnderstood && one.isOnExistingTable && isSubject(one.operation),
    );
    return group(subjects).flatMap((all): readonly Found[] => {
      const [judged] = all;
      if (!judged) return [];
      const offer = once(() => orUnavailable(() => offerFor({ project, file, upgrade, judged, all }, make)));
      return [{ operations: all.map(({ operation }) => operation), offer }];
    });
  });
  return (place) =>
    find(place.project, place.file)
      .find(({ operations }) => operations.some((operation) => isAt(place, operation)))
      ?.offer();
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function offerFor(staging: StagingTogether, make: (staging: StagingTogether) => Made | undefined): Offer<StagesPlan> {
  const { project, file, all } = staging;
  const reason = whyNever(project, file);
  if (reason !== undefined) throw new Refused(reason);
  for (const { operation } of all) refuseUncertain(file, operation);
  const made = make(staging);
  if (made) proveStages(project, file, made.plan.stages);
  return made;
}

export function refuseUncertain(file: RevisionFile, operation: Operation): void {
  const at = lineOf(file, operation.range);
  if (operation.context.some(({ kind }) => kind !== "batch"))
    throw new Refused(`What stands on ${at} is in a loop, under a test, or in a block of its own.`);
  if (!["directive", "batch", "sql"].includes(operation.via) || operation.calls.length > 0)
    throw new Refused(`What stands on ${at} is not a directive or SQL of ${directionOf(file, operation)} itself.`);
}

const directionOf = ({ downgrades }: RevisionFile, operation: Operation): string =>
  downgrades.some(({ operations }) => operations.includes(operation)) ? "downgrade()" : "upgrade()";

/** Of an operation in a batch block: the name of the batch. */
export function receiverOf(file: RevisionFile, operation: Operation): string | undefined {
  if (operation.via !== "batch") return undefined;
  const call = findCall(file, operation);
  const callee = call && slice(file.text, call.callee);
  if (callee === undefined || !callee.includes("."))
    throw new Refused(`The batch on ${lineOf(file, operation.range)} is not called by its name.`);
  return callee.slice(0, callee.lastIndexOf("."));
}

/** What the revision does to the table before or after an operation, and what is not understood. */
export const alsoAbout = (operations: readonly Operation[], table: QualifiedName): readonly Operation[] =>
  operations.filter(
    ({ confidence, effect, touches, table: own }) =>
      confidence === "opaque" ||
      effect === "unknown" ||
      (own && sameName(own, table)) === true ||
      touches.some(({ how, on }) => how !== "require" && how !== "read" && sameName(on.name, table)),
  );

/** What uses a column by its name, or may: what is not understood is among it. */
export const alsoAboutColumn = (
  operations: readonly Operation[],
  table: QualifiedName,
  columns: readonly string[],
): readonly Operation[] =>
  operations.filter(
    ({ confidence, effect, touches, columns: own, table: on }) =>
      confidence === "opaque" ||
      effect === "unknown" ||
      (on && sameName(on, table) && own.some((column) => columns.includes(column))) === true ||
      touches.some(
        (touch) =>
          sameName(touch.on.name, table) &&
          (touch.on.column === "*" || (touch.on.column !== undefined && columns.includes(touch.on.column))),
      ),
  );

export const sharedLocks = ({ config: { env } }: Project): readonly string[] =>
  env !== undefined && !env.transactionPerMigration
    ? [
        "env.py does not set transaction_per_migration=True: `alembic upgrade head` runs all stages in one transaction, and the locks are shared as before.",
      ]
    : [];
