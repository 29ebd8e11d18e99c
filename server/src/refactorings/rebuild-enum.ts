import { judgedIn, type Judged } from "../facts/judged.ts";
import { playedIn } from "../facts/played.ts";
import { readRevision } from "../model/read.ts";
import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import { replayOf } from "../project/replay.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { compareSchemas, renderDifference } from "../schema/difference.ts";
import { fillIn, rebuildEnum as rebuild } from "../schema/enum-rebuild.ts";
import { keyOf } from "../schema/replay/schema.ts";
import { playDirection } from "../schema/replay/replay.ts";
import type { Schema } from "../schema/state.ts";
import { joinWords } from "../schema/wording.ts";
import { renderName, type QualifiedName } from "../sql/action.ts";
import { textsIn } from "../sql/texts.ts";
import { applyEdits } from "../text/edit.ts";
import { defineRefactoring, type Offer } from "./define.ts";
import { codeFor, type Code } from "./downgrade/code.ts";
import { renderDirectives } from "./downgrade/directives.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt, onlyUpgrade } from "./place.ts";
import { absent } from "./split/revision.ts";
import { refuseUncertain } from "./staged.ts";
import { replaceOutsideBatch } from "./twin/stages.ts";

/** A change of an enum's values that PostgreSQL does not make, or that it should not be made to. */
interface Wanted {
  readonly type: QualifiedName;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** All that is meant to make it; the first is replaced, the others go. */
  readonly judged: readonly Judged[];
}

interface Found {
  readonly operations: readonly Operation[];
  readonly offer: Offer<EditsPlan>;
}

const find = remembered((project, file): readonly Found[] => {
  const upgrade = onlyUpgrade(file);
  if (!file.isRevision || !upgrade || project.config.dialect !== "postgresql") return [];
  if (!upgrade.operations.some((operation) => listsValues(operation) || deletesValue(operation))) return [];
  return wantedIn(judgedIn(project, file, upgrade)).map((wanted) => ({
    operations: wanted.judged.map(({ operation }) => operation),
    offer: orUnavailable(() => ({ plan: plan(project, file, upgrade, wanted), title: titleOf(wanted) })),
  }));
});

const listsValues = ({ kind, details }: Operation): boolean =>
  kind === "alter_column" && details.newSqlType?.enum?.values !== undefined && details.using === undefined;

/** By hand from the catalog, where PostgreSQL does not look for rows that hold it. */
const deletesValue = ({ kind, table }: Operation): boolean =>
  kind === "delete" && table?.name === "pg_enum" && (table.schema === undefined || table.schema === "pg_catalog");

function wantedIn(judged: readonly Judged[]): readonly Wanted[] {
  const found = new Map<string, Wanted>();
  for (const one of judged.filter(({ isUnderstood }) => isUnderstood)) {
    const wanted = listsValues(one.operation) ? listed(one) : deletesValue(one.operation) ? deleted(one) : undefined;
    if (!wanted) continue;
    const key = JSON.stringify([keyOf(wanted.type), wanted.after]);
    const known = found.get(key);
    found.set(key, known ? { ...known, judged: [...known.judged, one] } : wanted);
  }
  return [...found.values()];
}

/** A column that gets the type that it has, with other values: the server changes nothing. */
function listed(one: Judged): Wanted | undefined {
  const { operation, schema } = one;
  const type = operation.details.newSqlType?.enum;
  const known = type && schema.enumType(type.name);
  const table = operation.table && schema.table(operation.table);
  const column =
    typeof table === "object" ? table.columns.find(({ name }) => name === operation.columns[0]) : undefined;
  if (!type?.values || typeof known !== "object" || !known.values || !column?.type) return undefined;
  const isSame =
    known.values.length === type.values.length && known.values.every((value, i) => type.values?.[i] === value);
  return isSame || keyOf(column.type) !== keyOf(known.name)
    ? undefined
    : { type: known.name, before: known.values, after: type.values, judged: [one] };
}

function deleted(one: Judged): Wanted | undefined {
  const { operation, schema } = one;
  const texts = textsIn(operation.sql, "postgresql");
  const holding = [...schema.enumTypes].filter(({ values }) => values?.some((value) => texts.includes(value)));
  const named = holding.filter(({ name }) => texts.includes(name.name));
  const [only, ...others] = named.length > 0 ? named : holding;
  if (!only?.values || others.length > 0) return undefined;
  const gone = only.values.filter((value) => texts.includes(value) && value !== only.name.name);
  return {
    type: only.name,
    before: only.values,
    after: only.values.filter((value) => !gone.includes(value)),
    judged: [one],
  };
}

const without = (values: readonly string[], others: readonly string[]): readonly string[] =>
  values.filter((value) => !others.includes(value));

function titleOf({ type, before, after }: Wanted): string {
  const said = [
    { word: "without", values: without(before, after) },
    { word: "with", values: without(after, before) },
  ].filter(({ values }) => values.length > 0);
  const changes = said.map(({ word, values }) => `${word} ${joinWords(values.map((value) => `"${value}"`))}`);
  return `Make the enum ${renderName(type)} anew ${changes.length > 0 ? changes.join(" and ") : "in another order"}`;
}

/** @throws Refused where something compares with the old type, or where the replay does not lead to the new one. */
function plan(project: Project, file: RevisionFile, upgrade: Direction, wanted: Wanted): EditsPlan {
  const edit = newEdit(file);
  const code = codeFor(file, edit);
  const operations = wanted.judged.map(({ operation }) => operation);
  for (const operation of operations) refuseUncertain(file, operation);
  const [first] = wanted.judged;
  if (!first) throw new Refused("There is nothing to change.");
  const lines = linesOf(file, code, first.operation, { schema: first.schema, type: wanted.type, values: wanted.after });
  replaceAll(file, edit, upgrade, operations, lines.join("\n"));
  const back = wayBack(project, file, upgrade, wanted, { edit, code });
  const edits = edit.build();
  prove(project, file, applyEdits(file.text, edits), wanted);
  const gone = without(wanted.before, wanted.after);
  return {
    edits,
    notes: [
      ...(lines.some((line) => line.includes(fillIn))
        ? [
            `A row that holds ${joinWords(gone.map((value) => `"${value}"`))} stops the upgrade: say in CASE what it becomes.`,
          ]
        : []),
      "Every table with a column of the type is written anew while nobody can read it.",
      ...back,
    ],
  };
}

interface Anew {
  readonly schema: Schema;
  readonly type: QualifiedName;
  readonly values: readonly string[];
  readonly from?: readonly string[];
}

function linesOf(
  file: RevisionFile,
  code: Code,
  operation: Operation,
  { schema, type, values, from }: Anew,
): readonly string[] {
  const rebuilt = rebuild(schema, type, values, from);
  const at = lineOf(file, operation.range);
  if ("impossible" in rebuilt) throw new Refused(rebuilt.impossible);
  const lines = rebuilt.actions.flatMap((action) => {
    const rendered = renderDirectives(action, code, true);
    if (!rendered) throw new Refused(`What makes the type anew on ${at} cannot be written.`);
    return rendered;
  });
  return lines.some((line) => line.includes(fillIn))
    ? ["# A row that still holds a value which goes stops this: say in CASE what it becomes.", ...lines]
    : lines;
}

function replaceAll(
  file: RevisionFile,
  edit: Edit,
  direction: Direction,
  operations: readonly Operation[],
  code: string,
): void {
  const [first, ...others] = operations;
  if (first) replaceOutsideBatch(file, edit, direction, first, code);
  for (const other of others) edit.removeStatement(other);
}

/** What the way back has of it; the code where it has nothing else. */
function wayBack(
  project: Project,
  file: RevisionFile,
  upgrade: Direction,
  { type, before, after }: Wanted,
  { edit, code }: { readonly edit: Edit; readonly code: Code },
): readonly string[] {
  const downgrade = file.downgrades[0] ?? absent;
  const played = playedIn(project, file, upgrade);
  const own = downgrade.operations.filter(
    (operation) =>
      listsValues(operation) &&
      operation.details.newSqlType?.enum &&
      keyOf(operation.details.newSqlType.enum.name) === keyOf(type),
  );
  const [first] = own;
  const end = played?.after;
  if (first && end) {
    for (const operation of own) refuseUncertain(file, operation);
    replaceAll(
      file,
      edit,
      downgrade,
      own,
      linesOf(file, code, first, { schema: end, type, values: before, from: after }).join("\n"),
    );
    return [];
  }
  const others = upgrade.operations.filter(
    (operation) => operation.effect !== "read" && !listsValues(operation) && !deletesValue(operation),
  );
  const [place] = upgrade.operations;
  if (end && place && downgrade.form === "pass" && others.length === 0) {
    edit.replaceBody(
      downgrade,
      linesOf(file, code, place, { schema: end, type, values: before, from: after }).join("\n"),
    );
    return [];
  }
  return ["downgrade() does not bring the values back."];
}

function prove(project: Project, file: RevisionFile, text: string, { type, after, before }: Wanted): void {
  const { config, modules } = project;
  const { environment } = replayOf(project);
  const [upgrade] = file.upgrades;
  const played = upgrade && playedIn(project, file, upgrade);
  const made = readRevision(file.path, text, { dialect: config.dialect, ...(modules ? { modules } : {}) });
  const [up] = made.upgrades;
  if (!played || !up || made.problems.some(({ code }) => code === "syntax"))
    throw new Refused("The revision is not in the history.");
  const now = playDirection(played.before, up, environment);
  const known = now.after.enumType(type);
  if (typeof known !== "object" || known.values?.join("\0") !== after.join("\0"))
    throw new Refused(`The enum ${renderName(type)} would not have the values that it is to have.`);
  const [difference] = compareSchemas(played.after, now.after).differences.filter(({ thing }) => thing !== "type");
  if (difference) throw new Refused(`The schema would be another: ${renderDifference(difference)}.`);
  const [contradiction] = now.contradictions;
  if (contradiction) throw new Refused(`The revision could not run: ${contradiction.message.replace(/\.$/, "")}.`);
  const [down] = made.downgrades;
  if (down?.form !== "body" || !down.operations.some(({ kind }) => kind === "create_type")) return;
  const back = playDirection(now.after, down, environment).after.enumType(type);
  if (typeof back !== "object" || back.values?.join("\0") !== before.join("\0"))
    throw new Refused(`The way back would not give the enum ${renderName(type)} its values back.`);
}

export const rebuildEnum = defineRefactoring<EditsPlan>({
  id: "rebuild-enum",
  title: "Make the enum anew with other values",
  summary:
    "Makes an enum type anew under its name, where values go or change their order, and converts the columns that have it.",
  why: `PostgreSQL can add a value to an enum and rename one, and cannot take one away. A column that is altered to the type that it has stays as it is, whatever
values Python lists; a value that is deleted from pg_enum leaves rows that cannot be read. The type has to be made anew.`,
  keeps: [
    "Everything but the values of the type, which are those that the revision lists: that is the difference.",
    "Defaults of the columns, and every row, by its text.",
    "Rows that hold a value which goes: they stop the upgrade, until CASE says what they become.",
    "The way back, where downgrade() lists the old values, or does nothing and there is nothing else to undo.",
  ],
  refuses: [
    "Columns with a check, a foreign key, an index with a condition, or a view, which compare with the old type.",
    "Defaults that would be gone, and types whose values are not known.",
    "What stands in a loop, under a test or in a helper.",
  ],
  keepsSchema: false,
  examples: [
    {
      title: "A list of values in Python, which PostgreSQL does not look at",
      given: `op.create_table(
    "days",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("mood", sa.Enum("sad", "ok", "meh", name="mood"), server_default="ok"),
)
`,
      before: `def upgrade() -> None:
    <|>op.alter_column("days", "mood", type_=sa.Enum("sad", "ok", name="mood"))


def downgrade() -> None:
    op.alter_column("days", "mood", type_=sa.Enum("sad", "ok", "meh", name="mood"))
`,
      after: [
        `def upgrade() -> None:
    # A row that still holds a value which goes stops this: say in CASE what it becomes.
    op.execute("ALTER TYPE mood RENAME TO mood_old")
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    op.alter_column("days", "mood", server_default=None)
    op.execute("ALTER TABLE days ALTER COLUMN mood TYPE mood USING (CASE mood::text WHEN 'meh' THEN 'meh' /* is gone: say what it becomes */ ELSE mood::text END)::mood")
    op.alter_column("days", "mood", server_default=sa.text("'ok'"))
    op.execute("DROP TYPE mood_old")


def downgrade() -> None:
    op.execute("ALTER TYPE mood RENAME TO mood_old")
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'meh')")
    op.alter_column("days", "mood", server_default=None)
    op.execute("ALTER TABLE days ALTER COLUMN mood TYPE mood USING mood::text::mood")
    op.alter_column("days", "mood", server_default=sa.text("'ok'"))
    op.execute("DROP TYPE mood_old")
`,
      ],
    },
  ],
  plan: (place) =>
    find(place.project, place.file).find(({ operations }) => operations.some((operation) => isAt(place, operation)))
      ?.offer,
  apply: applyEditsPlan,
});
