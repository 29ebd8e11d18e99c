/** What refactorings have in common that make several stages of one change of an existing table. */
import { judgedIn, type Judged } from "../facts/judged.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { sameName, type QualifiedName } from "../sql/action.ts";
import type { Offer, Place } from "./define.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade } from "./place.ts";
import { whyNever } from "./split/revision.ts";
import type { Stage } from "./stages.ts";

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

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<StagesPlan>;
}

/** Offers stages for each operation of upgrade() on its own, on PostgreSQL. */
export function offerStages(
  isSubject: (operation: Operation) => boolean,
  make: (staging: Staging) => { readonly plan: StagesPlan; readonly title: string },
): (place: Place) => Offer<StagesPlan> {
  const find = remembered((project, file): readonly Found[] => {
    const upgrade = onlyUpgrade(file);
    if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return [];
    if (!upgrade.operations.some(isSubject)) return [];
    return judgedIn(project, file, upgrade)
      .filter((one) => one.isUnderstood && one.isOnExistingTable && isSubject(one.operation))
      .map((judged) => ({
        operation: judged.operation,
        offer: orUnavailable(() => {
          const reason = whyNever(project, file);
          if (reason !== undefined) throw new Refused(reason);
          refuseUncertain(file, judged.operation);
          return make({ project, file, upgrade, judged });
        }),
      }));
  });
  return (place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer;
}

function refuseUncertain(file: RevisionFile, operation: Operation): void {
  const at = lineOf(file, operation.range);
  if (operation.context.some(({ kind }) => kind !== "batch"))
    throw new Refused(`What stands on ${at} is in a loop, under a test, or in a block of its own.`);
  if (!["directive", "batch", "sql"].includes(operation.via) || operation.calls.length > 0)
    throw new Refused(`What stands on ${at} is not a directive or SQL of upgrade() itself.`);
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

export const sharedLocks = ({ config: { env } }: Project): readonly string[] =>
  env !== undefined && !env.transactionPerMigration
    ? [
        "env.py does not set transaction_per_migration=True: `alembic upgrade head` runs all stages in one transaction, and the locks are shared as before.",
      ]
    : [];
