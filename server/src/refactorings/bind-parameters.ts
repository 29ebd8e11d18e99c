import type { Direction, Operation, RevisionFile } from "../model/revision.ts";
import { writtenSqlOf, type WrittenSql } from "../model/written-sql.ts";
import { statementAround } from "../model/written.ts";
import type { Project } from "../project/snapshot.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { lineStart } from "../rewrite/lines.ts";
import { quoteOf, renderString } from "../rewrite/literal.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { slice, type Range } from "../text/range.ts";
import { standingsOf, type Hole, type Standing } from "./bind/holes.ts";
import { nameFor, textValue } from "./bind/values.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { applyEditsPlan, type EditsPlan } from "./edited.ts";
import { readAgain } from "./idle.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt } from "./place.ts";

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly isList: boolean;
}

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<EditsPlan>;
}

const isInterpolated = ({ interpolated }: Operation): boolean =>
  interpolated?.some(({ from }) => from !== "other") === true;

const find = remembered((project, file): readonly Found[] =>
  file.isRevision
    ? [...file.upgrades, ...file.downgrades].flatMap((direction) =>
        direction.operations.filter(isInterpolated).map((operation) => ({
          operation,
          offer: orUnavailable(() => {
            const plan = bind(project, file, direction, operation);
            return { plan, title: "Bind the values as parameters" };
          }),
        })),
      )
    : [],
);

function bind(project: Project, file: RevisionFile, direction: Direction, operation: Operation): EditsPlan {
  const at = lineOf(file, operation.range);
  const written = writtenSqlOf(file, operation);
  const whole = written?.argument ?? operation.range;
  const shared = direction.operations.filter(
    (one) => one !== operation && one.range.start < whole.end && whole.start < one.range.end,
  );
  if (shared.length > 0) throw new Refused(`The SQL on ${at} holds several commands, or is run several times.`);
  if (!written) throw new Refused(`The SQL on ${at} is not put together in the call that runs it.`);
  if (written.parameters === null) throw new Refused(`The parameters on ${at} are not written as a dictionary.`);
  const edit = newEdit(file);
  const parameters = bindHoles(project, file, operation, written, edit);
  hand(file, operation, written, parameters, edit);
  const edits = edit.build();
  prove(project, file, direction, operation, edits);
  const isLate = operation.runner === "op" && !isOnline(operation);
  return {
    edits,
    notes: isLate
      ? ["op.execute() takes no parameters: the values are bound to the text, each typed as Python's type says."]
      : [],
  };
}

/** The values come from rows, so that there is a connection. */
const isOnline = ({ interpolated }: Operation): boolean => interpolated?.some(({ from }) => from === "rows") === true;

const holesOf = (standing: Standing): readonly Hole[] =>
  standing.as === "literal" ? standing.pieces.filter((piece) => typeof piece === "object") : [standing.hole];

/** Edits the SQL, and says what is to be handed over beside it. */
function bindHoles(
  { config: { dialect } }: Project,
  file: RevisionFile,
  operation: Operation,
  written: WrittenSql,
  edit: Edit,
): readonly Parameter[] {
  const at = lineOf(file, operation.range);
  const all = standingsOf(written, dialect);
  const names = new Set(
    all.filter(({ as }) => as === "other").flatMap((one) => holesOf(one).map(({ value }) => value.code)),
  );
  const bound = all.filter((one) => one.as !== "other");
  const mixed = bound.flatMap(holesOf).find(({ value }) => names.has(value.code));
  if (mixed) throw new Refused(`${mixed.value.code} (${at}) is put in as a name as well, which cannot be bound.`);
  const kept = all.flatMap((one) => (one.as === "other" ? [one.hole] : []));
  if (kept.length > 0 && (written.manner !== "f-string" || bound.length === 0))
    throw new Refused(
      `${kept[0]?.value.code ?? "What is put in"} (${at}) stands where a name or a part of the statement does, which cannot be bound.`,
    );
  refuseUnclear(operation, bound, at);
  refuseColons(file, written, at);
  const taken = new Set([...slice(file.text, written.argument).matchAll(/:(\w+)/g)].map(([, name = ""]) => name));
  const parameters = new Map<string, Parameter>();
  for (const standing of bound) {
    const parameter = parameterFor(standing, at);
    const key = JSON.stringify([parameter.value, parameter.isList]);
    const known = parameters.get(key) ?? { ...parameter, name: nameFor(parameter.name, taken) };
    taken.add(known.name);
    parameters.set(key, known);
    edit.replace(standing.range, `:${known.name}`);
    for (const { assignment } of holesOf(standing))
      if (assignment?.isIdle) removeAssignment(file, assignment.range, edit);
  }
  if (kept.length === 0)
    for (const { range, text } of written.cleanup)
      if (!bound.some((one) => one.range.start <= range.start && range.start < one.range.end))
        edit.replace(range, text);
  return [...parameters.values()];
}

/** Without quotes a value may be any piece of SQL, unless it comes from a row and stands where values do. */
function refuseUnclear({ interpolated = [] }: Operation, bound: readonly Standing[], at: string): void {
  const bare = bound.filter(({ as }) => as !== "literal").flatMap(holesOf);
  if (bare.length === 0) return;
  const strange = interpolated.some(({ from }) => from === "other");
  // A list counts once or several times; what is a constant does not count, and may be any piece of SQL.
  const all = bound.flatMap(holesOf).length;
  const isList = bare.length === 1 && bare[0]?.value.list !== undefined;
  if (strange || (isList ? all > interpolated.length : all !== interpolated.length))
    throw new Refused(`Of what is put into the SQL on ${at} without quotes it is not known whether it is a value.`);
}

/** In the text of `text()` a colon before a word makes a parameter, in quotes as well. */
function refuseColons({ text }: RevisionFile, { parts, isWrapped, callee }: WrittenSql, at: string): void {
  const isText = isWrapped || /(?:^|\.)op\.execute$/.test(slice(text, callee));
  const colon = parts.some((part) => part.kind === "sql" && /(?<![:\w\\]):\w+(?!:)/.test(part.sql));
  if (!isText && colon)
    throw new Refused(`The SQL on ${at} holds a colon before a word, which text() takes for a parameter.`);
}

function parameterFor(standing: Exclude<Standing, { as: "other" }>, at: string): Parameter {
  if (standing.as === "literal") {
    const [hole] = holesOf(standing);
    return { name: hole?.value.word ?? "value", value: textValue(standing.pieces), isList: false };
  }
  const { hole, as } = standing;
  if (hole.isFormatted) throw new Refused(`${hole.value.code} (${at}) is formatted on its way into the SQL.`);
  if (as === "value") {
    if (hole.value.list !== undefined)
      throw new Refused(`${hole.value.code} (${at}) is a list where one value stands.`);
    return { name: hole.value.word, value: hole.value.code, isList: false };
  }
  if (hole.value.list === undefined) throw new Refused(`Of what list ${hole.value.code} (${at}) is made is not seen.`);
  return { name: hole.value.word, value: hole.value.list, isList: true };
}

function removeAssignment(file: RevisionFile, range: Range, edit: Edit): void {
  const found = statementAround(file, range);
  if (found && found.statement.range.start === range.start && found.statement.range.end === range.end)
    edit.removeStatement(found.statement);
}

/** Puts the values beside the SQL, in the way that the call takes them. */
function hand(
  file: RevisionFile,
  operation: Operation,
  written: WrittenSql,
  parameters: readonly Parameter[],
  edit: Edit,
): void {
  const { argument, callee, isWrapped } = written;
  const lists = parameters.filter(({ isList }) => isList);
  const quote = quoteOf(file);
  const text = (name: string): string => renderString(name, quote);
  const isOp = operation.runner === "op";
  if (!isWrapped) edit.replace({ start: argument.start, end: argument.start }, `${edit.addImport("sqlalchemy.text")}(`);
  const closing = isWrapped ? "" : ")";
  if (isOp && !isOnline(operation)) {
    const values = parameters.map(({ name, value, isList }) =>
      isList
        ? `${edit.addImport("sqlalchemy.bindparam")}(${text(name)}, ${value}, expanding=True)`
        : `${name}=${value}`,
    );
    const sorted = [
      ...values.filter((one) => one.includes("expanding=True")),
      ...values.filter((one) => !one.includes("expanding=True")),
    ];
    edit.replace({ start: argument.end, end: argument.end }, `${closing}.bindparams(${sorted.join(", ")})`);
    return;
  }
  if (isOp) edit.replace(callee, `${slice(file.text, callee).replace(/\.execute$/, "")}.get_bind().execute`);
  const expanding = lists.map(({ name }) => `${edit.addImport("sqlalchemy.bindparam")}(${text(name)}, expanding=True)`);
  const typed = lists.length === 0 ? "" : `.bindparams(${expanding.join(", ")})`;
  const entries = parameters.map(({ name, value }) => `${text(name)}: ${value}`).join(", ");
  if (written.parameters) {
    const { start, end } = written.parameters;
    const inner = file.text.slice(start + 1, end - 1).trim();
    const comma = inner === "" ? "" : inner.endsWith(",") ? " " : ", ";
    edit.replace({ start: argument.end, end: argument.end }, closing + typed);
    edit.replace({ start: end - 1, end: end - 1 }, comma + entries);
    return;
  }
  const line = file.text.slice(lineStart(file.text, argument.start), argument.start);
  const separator = line.trim() === "" ? `,${file.newline}${line}` : ", ";
  edit.replace({ start: argument.end, end: argument.end }, `${closing}${typed}${separator}{${entries}}`);
}

/** The result is read again: it must be the same statement, which its own grammar takes, with no value put in. */
function prove(
  project: Project,
  file: RevisionFile,
  direction: Direction,
  operation: Operation,
  edits: readonly TextEdit[],
): void {
  const at = lineOf(file, operation.range);
  const made = readAgain(project, file.path, applyEdits(file.text, edits));
  const directions = direction.name === "upgrade" ? [file.upgrades, made.upgrades] : [file.downgrades, made.downgrades];
  const now =
    directions[1]?.[directions[0]?.indexOf(direction) ?? 0]?.operations[direction.operations.indexOf(operation)];
  const isSame =
    now?.kind === operation.kind && now.table?.name === operation.table?.name && made.problems.length === 0;
  if (!isSame || now.refusal !== undefined || isInterpolated(now))
    throw new Refused(`With parameters the SQL on ${at} would be another statement, or none.`);
}

export const bindParameters = defineRefactoring<EditsPlan>({
  id: "bind-parameters",
  title: "Bind the values as parameters",
  summary: "Hands values to the server beside the SQL that an f-string, `%`, `.format` or `+` has put them into.",
  why: `The first value with a quote in it ends the string in the middle: the statement fails on production's data though it ran on yours, or does what the
value says. A parameter is never read as SQL.`,
  keeps: [
    "The statement, and the string that it is written in, but for the values.",
    "What stood in quotes as a string, with the text around it; a list as a list, which may now be empty.",
    "Names of tables and columns in an f-string, which no parameter can be.",
  ],
  refuses: [
    "Values that stand where a name or a part of the statement does, in another manner than an f-string.",
    "Values without quotes of which it is not known that they come from rows or from the environment.",
    "SQL that is put together before the call that runs it, or in a helper of another file; several commands in one text.",
    "Values that are formatted on their way (`{price:.2f}`), and lists that are not seen to be made.",
    "A colon before a word in SQL that is not in `text()` yet.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "Names are cleaned up row by row",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
`,
      before: `def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, name FROM users WHERE name <> trim(name)")):
        <|>connection.execute(sa.text(f"UPDATE users SET name = '{row.name.strip()}' WHERE id = {row.id}"))


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, name FROM users WHERE name <> trim(name)")):
        connection.execute(sa.text("UPDATE users SET name = :name WHERE id = :id"), {"name": row.name.strip(), "id": row.id})


def downgrade() -> None:
    pass
`,
      ],
    },
    {
      title: "A list",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
`,
      before: `def upgrade() -> None:
    connection = op.get_bind()
    ids = [row[0] for row in connection.execute(sa.text("SELECT id FROM users WHERE name = ''")).fetchall()]
    listed = ", ".join(str(one) for one in ids)
    <|>op.execute(f"DELETE FROM users WHERE id IN ({listed})")


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    connection = op.get_bind()
    ids = [row[0] for row in connection.execute(sa.text("SELECT id FROM users WHERE name = ''")).fetchall()]
    op.get_bind().execute(sa.text("DELETE FROM users WHERE id IN :ids").bindparams(sa.bindparam("ids", expanding=True)), {"ids": ids})


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place: Place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer,
  apply: applyEditsPlan,
});
