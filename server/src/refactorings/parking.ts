/** What is to be dropped gets another name first, and is dropped in a revision of its own. */
import type { Direction, Operation, RevisionFile, Statement } from "../model/revision.ts";
import { statementAround } from "../model/written.ts";
import { bodyEdits, type Keep } from "../rewrite/body.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import type { TextEdit } from "../text/edit.ts";
import type { Judged } from "../facts/judged.ts";
import { codeFor, type Code } from "./downgrade/code.ts";
import { placeOf } from "./place.ts";
import { absent } from "./split/revision.ts";
import { applyStages, refuseUncertain, type StagingTogether } from "./staged.ts";
import type { Stage } from "./stages.ts";

/** One thing that is dropped. */
export interface Parking {
  readonly judged: Judged;
  /** In a sentence: `audit_log`, `users.fax`. */
  readonly words: string;
  /** Code that gives it its new name, or the old one again; `receiver`: of a batch block. */
  readonly park: (code: Code, receiver: string | undefined) => string;
  /** `restoring`: the operation of downgrade() that it stands for. */
  readonly unpark: (code: Code, receiver: string | undefined, restoring?: Operation) => string;
  readonly drop: (code: Code) => string;
  /** The operation of downgrade() that brings it back. */
  readonly restores: (operation: Operation) => boolean;
}

export function parkingStages(
  { file, upgrade }: StagingTogether,
  parkings: readonly Parking[],
  receiverOf: (file: RevisionFile, operation: Operation) => string | undefined,
): readonly Stage[] {
  const downgrade = file.downgrades[0] ?? absent;
  const restoring = downgrade.form === "body" ? restoringIn(file, downgrade, parkings) : undefined;
  const first = newEdit(file);
  const code = codeFor(file, first);
  for (const group of byStatement(file, upgrade, parkings, ({ judged }) => judged.operation))
    first.replaceStatement(
      group.map(({ operation }) => operation),
      group.map(({ parking, operation }) => parking.park(code, receiverOf(file, operation))).join("\n"),
    );
  if (restoring)
    for (const group of restoring)
      first.replaceStatement(
        group.map(({ operation }) => operation),
        group.map(({ parking, operation }) => parking.unpark(code, receiverOf(file, operation), operation)).join("\n"),
      );
  else takeBackAlone(first, code, upgrade, downgrade, parkings);
  return [
    { name: "parked", edits: first.build() },
    { name: "dropped", edits: droppingEdits(file, upgrade, downgrade, parkings, restoring) },
  ];
}

/** Where downgrade() refuses to run, and there is nothing else to take back: the name at least can be given back. */
function takeBackAlone(
  edit: Edit,
  code: Code,
  upgrade: Direction,
  downgrade: Direction,
  parkings: readonly Parking[],
): void {
  const others = upgrade.operations.filter(
    (operation) => operation.effect !== "read" && !parkings.some(({ judged }) => judged.operation === operation),
  );
  if (downgrade.form === "raise" && others.length === 0)
    edit.replaceBody(
      downgrade,
      parkings
        .toReversed()
        .map((parking) => parking.unpark(code, undefined))
        .join("\n"),
    );
}

interface Standing {
  readonly parking: Parking;
  readonly operation: Operation;
}

/** Those that one statement does together are replaced together. */
function byStatement(
  file: RevisionFile,
  { operations }: Direction,
  parkings: readonly Parking[],
  operationOf: (parking: Parking) => Operation,
): readonly (readonly Standing[])[] {
  const groups = new Map<Statement, Standing[]>();
  const ordered = parkings
    .map((parking) => ({ parking, operation: operationOf(parking) }))
    .sort((a, b) => operations.indexOf(a.operation) - operations.indexOf(b.operation));
  for (const standing of ordered) {
    const statement = statementAround(file, placeOf(standing.operation))?.statement;
    if (statement?.kind !== "expression")
      throw new Refused(`What stands on ${lineOf(file, standing.operation.range)} is no statement of its own.`);
    groups.set(statement, [...(groups.get(statement) ?? []), standing]);
  }
  return [...groups.values()];
}

/** @throws Refused where downgrade() does not bring them back, each by a statement of its own. */
function restoringIn(
  file: RevisionFile,
  downgrade: Direction,
  parkings: readonly Parking[],
): readonly (readonly Standing[])[] {
  const found = new Map(
    parkings.map((parking) => {
      const [operation, ...others] = downgrade.operations.filter(parking.restores);
      if (!operation || others.length > 0)
        throw new Refused(`downgrade() does not bring ${parking.words} back, so that the way back cannot be cut.`);
      refuseUncertain(file, operation);
      return [parking, operation] as const;
    }),
  );
  return byStatement(file, downgrade, parkings, (parking) => found.get(parking) ?? parking.judged.operation);
}

function droppingEdits(
  file: RevisionFile,
  upgrade: Direction,
  downgrade: Direction,
  parkings: readonly Parking[],
  restoring: readonly (readonly Standing[])[] | undefined,
): readonly TextEdit[] {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  edit.replaceBody(upgrade, parkings.map((parking) => parking.drop(code)).join("\n"));
  if (!restoring) return edit.build();
  const standings = restoring.flat();
  const keep = keptWith(
    file,
    downgrade,
    standings.map(({ operation }) => operation),
  );
  const append = standings
    .map(({ parking }) => `${downgrade.indent}${parking.park(code, undefined)}${file.newline}`)
    .join("");
  return [...edit.build(), ...bodyEdits(file, downgrade, { keep, append })];
}

/** The statements of the operations, and the blocks that they stand in. */
function keptWith(
  file: RevisionFile,
  { statements }: Direction,
  operations: readonly Operation[],
): ReadonlyMap<Statement, Keep> {
  const inner = new Set(operations.flatMap((operation) => statementAround(file, placeOf(operation))?.statement ?? []));
  const keep = new Map<Statement, Keep>();
  const visit = (statement: Statement): boolean => {
    const own = inner.has(statement);
    const inside = (statement.compound?.blocks ?? []).flatMap((block) => block.statements).map(visit);
    if (own || inside.includes(true)) keep.set(statement, { comments: true, entire: own });
    return own || inside.includes(true);
  };
  for (const statement of statements) if (statement.kind === "docstring" || visit(statement)) keepAlso(keep, statement);
  refuseBorrowed(file, statements, keep);
  return keep;
}

function keepAlso(keep: Map<Statement, Keep>, statement: Statement): void {
  if (!keep.has(statement)) keep.set(statement, { comments: true, entire: true });
}

/** A name that a statement binds which does not come along. */
function refuseBorrowed(
  file: RevisionFile,
  statements: readonly Statement[],
  keep: ReadonlyMap<Statement, Keep>,
): void {
  const left = statements.filter((statement) => !keep.has(statement)).flatMap(({ binds }) => binds);
  // Each batch block binds the name of its own batch.
  const own = new Set([...keep.keys()].flatMap(({ binds }) => binds));
  for (const statement of keep.keys()) {
    const borrowed = statement.uses.find((name) => left.includes(name) && !own.has(name));
    if (borrowed !== undefined)
      throw new Refused(
        `The statement on ${lineOf(file, statement.range)} uses ${borrowed}, which another statement of downgrade() makes.`,
      );
  }
}

/** The note names the revision to stop at, which has no name before it is written. */
export const applyParking = applyStages(
  (parts) =>
    `\`alembic upgrade head\` runs both: stop at the first (\`alembic upgrade ${parts[0]?.revision ?? ""}\`), and run the second once nothing has missed what is parked.`,
);

export const downgradeNotes = (file: RevisionFile): readonly string[] => {
  const form = (file.downgrades[0] ?? absent).form;
  return form === "pass" || form === "absent"
    ? ["There is no way back in downgrade(), and the two have none either."]
    : [];
};
