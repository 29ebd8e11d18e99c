/** A column that goes while what it holds belongs elsewhere: statements that move the values before it is dropped. */
import { judgedIn, type Judged } from "../facts/judged.ts";
import type { Direction, Operation, RevisionFile, Statement } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { keyOf } from "../schema/replay/schema.ts";
import type { Column, Table } from "../schema/state.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import type { Offer, Place } from "./define.ts";
import { codeFor } from "./downgrade/code.ts";
import type { EditsPlan } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade, ownStatementOf } from "./place.ts";
import { absent } from "./split/revision.ts";
import { refuseUncertain } from "./staged.ts";
import * as write from "./twin/code.ts";

/** A column that upgrade() drops, with all that is known where it does. */
export interface Dropped {
  readonly project: Project;
  readonly upgrade: Direction;
  readonly judged: Judged;
  readonly table: Table;
  readonly column: Column;
  /** What the revision does before. */
  readonly before: readonly Operation[];
}

export interface Move {
  /** What makes the places that the values are moved to. */
  readonly makes: readonly Operation[];
  /** SQL that runs before the column goes, and after it has come back. */
  readonly there: readonly string[];
  readonly back: readonly string[];
  readonly title: string;
  readonly notes: readonly string[];
}

interface Found {
  readonly operations: readonly Operation[];
  readonly offer: Offer<EditsPlan>;
}

/** Offers to move the values of a column that is dropped, where `learn` knows where to. */
export function offerMove(learn: (dropped: Dropped) => Move | undefined): (place: Place) => Offer<EditsPlan> {
  const find = remembered((project, file): readonly Found[] => {
    const upgrade = onlyUpgrade(file);
    if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return [];
    if (!upgrade.operations.some(({ kind }) => kind === "drop_column")) return [];
    return judgedIn(project, file, upgrade).flatMap((judged) => {
      const dropped = droppedBy(project, upgrade, judged);
      const move = dropped && learn(dropped);
      if (!dropped || !move || isMoved(dropped)) return [];
      return [
        {
          operations: [judged.operation, ...move.makes],
          offer: orUnavailable(() => ({ plan: planOf(file, dropped, move), title: move.title })),
        },
      ];
    });
  });
  return (place) =>
    find(place.project, place.file).find(({ operations }) => operations.some((operation) => isAt(place, operation)))
      ?.offer;
}

function droppedBy(project: Project, upgrade: Direction, judged: Judged): Dropped | undefined {
  const { operation, schema, index, isUnderstood, isOnExistingTable } = judged;
  const table = operation.table && schema.table(operation.table);
  if (operation.kind !== "drop_column" || !isUnderstood || !isOnExistingTable || typeof table !== "object")
    return undefined;
  const column = table.columns.find(({ name }) => name === operation.columns[0]);
  return column && operation.columns.length === 1
    ? { project, upgrade, judged, table, column, before: upgrade.operations.slice(0, index) }
    : undefined;
}

/** Something reads the column before it goes, or may: it is not for us to say that this is not enough. */
const isMoved = ({ before, table, column }: Dropped): boolean =>
  before.some(
    ({ confidence, effect, touches }) =>
      confidence === "opaque" ||
      effect === "unknown" ||
      touches.some(
        ({ how, on }) =>
          how === "read" && keyOf(on.name) === keyOf(table.name) && (on.column === column.name || on.column === "*"),
      ),
  );

/** @throws Refused where the statements have no place between what makes the new and what drops the old. */
function planOf(file: RevisionFile, { upgrade, judged, table, column }: Dropped, move: Move): EditsPlan {
  const { operation } = judged;
  refuseUncertain(file, operation);
  const drop = ownStatementOf(upgrade, operation);
  if (!drop) throw new Refused(`What stands on ${lineOf(file, operation.range)} is no statement of upgrade() itself.`);
  for (const made of move.makes) {
    refuseUncertain(file, made);
    if (ownStatementOf(upgrade, made) === drop)
      throw new Refused(
        `What stands on ${lineOf(file, made.range)} and what drops ${renderName(table.name)}.${column.name} are one statement or one batch, between which nothing can run.`,
      );
  }
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  edit.insertBefore(drop, move.there.map((sql) => write.execute(code, sql)).join("\n"));
  const downgrade = file.downgrades[0] ?? absent;
  const back = move.back.length === 0 ? undefined : backIn(downgrade, table.name, column.name, move);
  if (back) edit.insertAfter(back, move.back.map((sql) => write.execute(code, sql)).join("\n"));
  return {
    edits: edit.build(),
    notes: [
      ...move.notes,
      ...(back || move.back.length === 0
        ? []
        : [
            `downgrade() does not bring ${column.name} back before it drops what the values are in, so they stay lost on the way back.`,
          ]),
    ],
  };
}

/** The statement after which the column is there again, and all that its values are in is there still. */
function backIn(downgrade: Direction, table: QualifiedName, column: string, { makes }: Move): Statement | undefined {
  if (downgrade.form !== "body") return undefined;
  const { operations } = downgrade;
  const isPlain = ({ context }: Operation): boolean => context.every(({ kind }) => kind === "batch");
  const added = operations.findIndex(
    (one) =>
      one.kind === "add_column" &&
      isPlain(one) &&
      one.table &&
      keyOf(one.table) === keyOf(table) &&
      one.columns[0] === column,
  );
  const adding = operations[added];
  const gone = operations.findIndex(({ kind, table: on, columns }) =>
    makes.some((made) => {
      if (!on || !made.table || keyOf(on) !== keyOf(made.table)) return false;
      return kind === "drop_table" || (kind === "drop_column" && columns.some((name) => made.columns.includes(name)));
    }),
  );
  const statement = adding && ownStatementOf(downgrade, adding);
  const goes = operations[gone];
  if (!statement || !goes || gone < added || ownStatementOf(downgrade, goes) === statement) return undefined;
  return statement;
}
