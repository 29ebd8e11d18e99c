import { playedIn } from "../facts/played.ts";
import { readRevision } from "../model/read.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import { findCall } from "../model/written.ts";
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { compareSchemas, renderDifference } from "../schema/difference.ts";
import { looksRenamed } from "../schema/likeness.ts";
import { playDirection } from "../schema/replay/replay.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { renderColumnType } from "../sql/postgres/type-text.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { codeFor, type Code } from "./downgrade/code.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade } from "./place.ts";
import { absent } from "./split/revision.ts";

/** One column that goes and one of the same type that comes. */
interface Pair {
  readonly table: QualifiedName;
  readonly dropped: Operation;
  readonly added: Operation;
  readonly oldName: string;
  readonly newName: string;
}

interface Found {
  readonly pair: Pair;
  readonly offer: Offer<readonly TextEdit[]>;
}

const find = remembered((project, file): readonly Found[] => {
  const upgrade = onlyUpgrade(file);
  if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return [];
  const kinds = upgrade.operations.map(({ kind }) => kind);
  if (!kinds.includes("drop_column") || !kinds.includes("add_column")) return [];
  return pairsIn(project, file, upgrade).map((pair) => ({
    pair,
    offer: orUnavailable(() => ({
      plan: renaming(project, file, upgrade, pair),
      title: `Rename ${renderName(pair.table)}.${pair.oldName} to ${pair.newName}, and keep what it holds`,
    })),
  }));
});

function pairsIn(project: Project, file: RevisionFile, upgrade: Direction): readonly Pair[] {
  const before = playedIn(project, file, upgrade)?.before;
  return upgrade.operations.flatMap((dropped): readonly Pair[] => {
    const { table, columns } = dropped;
    const [oldName] = columns;
    const known = table && before?.table(table);
    const old = typeof known === "object" ? known.columns.find(({ name }) => name === oldName) : undefined;
    if (dropped.kind !== "drop_column" || !table || oldName === undefined || columns.length > 1 || !old?.type)
      return [];
    const type = renderColumnType(old.type);
    const alike = upgrade.operations.filter(({ kind, table: on, details }) => {
      const [definition, ...others] = details.definitions ?? [];
      return (
        kind === "add_column" &&
        on !== undefined &&
        keyOf(on) === keyOf(table) &&
        others.length === 0 &&
        definition?.sqlType !== undefined &&
        renderColumnType(definition.sqlType) === type &&
        looksRenamed(oldName, definition.name, table.name)
      );
    });
    const [added] = alike;
    const newName = added?.columns[0];
    return added && newName !== undefined && alike.length === 1 ? [{ table, dropped, added, oldName, newName }] : [];
  });
}

/** @throws Refused where something between the two, or the schema in the end, would be another. */
function renaming(project: Project, file: RevisionFile, upgrade: Direction, pair: Pair): readonly TextEdit[] {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  renameIn(file, edit, code, upgrade, pair);
  const downgrade = file.downgrades[0] ?? absent;
  if (downgrade.form === "body") renameIn(file, edit, code, downgrade, mirrored(file, downgrade, pair));
  const edits = edit.build();
  prove(project, file, upgrade, applyEdits(file.text, edits));
  return edits;
}

/** What downgrade() does the other way round. */
function mirrored(file: RevisionFile, { operations }: Direction, { table, oldName, newName }: Pair): Pair {
  const one = (kind: Operation["kind"], column: string): Operation | undefined =>
    operations.find(
      (operation) =>
        operation.kind === kind &&
        operation.table !== undefined &&
        keyOf(operation.table) === keyOf(table) &&
        operation.columns.length === 1 &&
        operation.columns[0] === column,
    );
  const dropped = one("drop_column", newName);
  const added = one("add_column", oldName);
  if (!dropped || !added)
    throw new Refused(
      `downgrade() does not drop ${newName} and add ${oldName} again, so it could not be turned round.`,
    );
  return { table, dropped, added, oldName: newName, newName: oldName };
}

function renameIn(file: RevisionFile, edit: Edit, code: Code, { operations }: Direction, pair: Pair): void {
  const { table, dropped, added, oldName, newName } = pair;
  const [first, second] = [dropped, added].sort((a, b) => operations.indexOf(a) - operations.indexOf(b));
  if (!first || !second) return;
  const between = operations.slice(operations.indexOf(first) + 1, operations.indexOf(second));
  const needs = (name: string): Operation | undefined =>
    between.find(
      ({ confidence, effect, touches }) =>
        confidence === "opaque" ||
        effect === "unknown" ||
        touches.some(({ on }) => keyOf(on.name) === keyOf(table) && (on.column === name || on.column === "*")),
    );
  const needsOld = needs(oldName);
  const needsNew = needs(newName);
  const blocking =
    needsOld && needsNew
      ? needsOld
      : between.find(
          ({ effect, touches }) => effect === "data" && touches.some(({ on }) => keyOf(on.name) === keyOf(table)),
        );
  if (blocking)
    throw new Refused(`What is done on ${lineOf(file, blocking.range)} stands between the two, and uses the table.`);
  const [kept, gone] = needsOld ? [second, first] : [first, second];
  edit.replaceStatement(kept, renderRename(file, code, kept, pair));
  edit.removeStatement(gone);
}

function renderRename(file: RevisionFile, code: Code, kept: Operation, { table, oldName, newName }: Pair): string {
  const call = kept.via === "batch" ? findCall(file, kept) : undefined;
  const callee = call && slice(file.text, call.callee);
  if (kept.via === "batch" && !callee?.includes("."))
    throw new Refused(`The batch on ${lineOf(file, kept.range)} is not called by its name.`);
  const renamed = `new_column_name=${code.text(newName)}`;
  return callee === undefined
    ? code.call(`${code.op}.alter_column`, code.text(table.name), code.text(oldName), renamed, code.schema(table))
    : code.call(`${callee.slice(0, callee.lastIndexOf("."))}.alter_column`, code.text(oldName), renamed);
}

function prove(project: Project, file: RevisionFile, upgrade: Direction, text: string): void {
  const { config, modules } = project;
  const played = playedIn(project, file, upgrade);
  const made = readRevision(file.path, text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
  const [renamed] = made.upgrades;
  if (!played || !renamed || made.problems.length > 0) throw new Refused("The revision is not in the history.");
  const { environment } = replayOf(project);
  const { after, contradictions } = playDirection(played.before, renamed, environment);
  const [difference] = compareSchemas(played.after, after).differences;
  if (difference) throw new Refused(`A rename would leave another schema: ${renderDifference(difference)}.`);
  const [contradiction] = contradictions;
  if (contradiction) throw new Refused(`The revision could not run: ${contradiction.message.replace(/\.$/, "")}.`);
}

export const renameNotDropAndAdd = defineRefactoring<readonly TextEdit[]>({
  id: "rename-not-drop-and-add",
  title: "Rename the column, and keep what it holds",
  summary: "Makes a rename of a column that is dropped and another of its type that is added.",
  why: `Autogenerate sees no renames: an attribute that got another name is a column that is gone and one that is new. Run as it stands, the revision throws
away what the column held.`,
  keeps: [
    "The schema: the replay of the rename gives the same columns, constraints and indexes.",
    "What the column holds, which the original would lose: that is the difference.",
    "downgrade(), turned round in the same way.",
  ],
  refuses: [
    "Columns of other types, or whose names have nothing in common.",
    "A new column with another default or NOT NULL, and an old one with constraints or indexes that would stay.",
    "Statements between the two that use the table's rows.",
    "A downgrade() that does not drop the new column and add the old one.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "What autogenerate makes of a renamed attribute",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)))
`,
      before: `def upgrade() -> None:
    op.add_column("users", sa.Column("full_name", sa.String(50)))
    <|>op.drop_column("users", "name")


def downgrade() -> None:
    op.add_column("users", sa.Column("name", sa.String(50)))
    op.drop_column("users", "full_name")
`,
      after: [
        `def upgrade() -> None:
    op.alter_column("users", "name", new_column_name="full_name")


def downgrade() -> None:
    op.alter_column("users", "full_name", new_column_name="name")
`,
      ],
    },
  ],
  plan: (place) =>
    find(place.project, place.file).find(({ pair }) => isAt(place, pair.dropped) || isAt(place, pair.added))?.offer,
  apply: ({ file }, edits) =>
    editedFile(file, edits, ["Other code that uses the old name stops at once: the rename is not staged."]),
});
