import { judgedIn } from "../facts/judged.ts";
import type { Operation, RevisionFile } from "../model/revision.ts";
import { newEdit, type Edit } from "../rewrite/edit.ts";
import { quoteOf, renderString } from "../rewrite/literal.ts";
import { lineOf, Refused } from "../rewrite/refused.ts";
import { scan } from "../sql/scan.ts";
import type { TextEdit } from "../text/edit.ts";
import { slice } from "../text/range.ts";
import { readClauses, type Clauses } from "./batches/clauses.ts";
import { executedText } from "./batches/conversion.ts";
import { defineRefactoring, type Offer, type Place } from "./define.ts";
import { editedFile } from "./edited.ts";
import { orUnavailable, remembered } from "./offering.ts";
import { isAt } from "./place.ts";

interface Plan {
  readonly edits: readonly TextEdit[];
  readonly checksRest: boolean;
}

interface Found {
  readonly operation: Operation;
  readonly offer: Offer<Plan>;
}

const find = remembered((project, file): readonly Found[] => {
  if (!file.isRevision || project.config.dialect !== "postgresql") return [];
  return file.upgrades.flatMap((direction) =>
    direction.operations.some(isCounted)
      ? judgedIn(project, file, direction)
          .filter((one) => one.isUnderstood && isCounted(one.operation))
          .map(({ operation }) => ({
            operation,
            offer: orUnavailable(() => ({ plan: check(file, operation), title: "Check how many rows are changed" })),
          }))
      : [],
  );
});

/** Both say which rows they change, so that these can be counted. */
const isCounted = ({ kind, via, details }: Operation): boolean =>
  (kind === "update" || kind === "delete") && via === "sql" && details.hasWhere === true;

function check(file: RevisionFile, operation: Operation): Plan {
  const at = lineOf(file, operation.range);
  if (operation.context.length > 0 || operation.calls.length > 0)
    throw new Refused(`What stands on ${at} is in a helper, a loop, under a test or in a block of its own.`);
  if (slice(file.text, operation.range) !== operation.sql)
    throw new Refused(`The SQL on ${at} is put together from parts.`);
  const clauses = readClauses(operation.sql);
  if (!clauses?.where) throw new Refused(`The statement on ${at} joins, returns rows or takes parameters.`);
  const plain = executedText(file, operation);
  if (plain === undefined) throw new Refused(`The statement on ${at} does more than execute one piece of SQL.`);
  const edit = newEdit(file);
  const checksRest = operation.kind === "delete" ? !hasQuery(clauses) : leavesNone(clauses);
  edit.replaceStatement(operation, render(file, edit, { clauses, plain, checksRest }));
  return { edits: edit.build(), checksRest };
}

/** A query in the condition may give something else afterwards. */
const hasQuery = ({ sql, where }: Clauses): boolean =>
  where !== undefined &&
  scan(slice(sql, where), "postgresql").some((token) => /^select$/i.test(slice(slice(sql, where), token)));

/** `SET a = 'x' WHERE a IS NULL [AND …]`: no row that was changed meets the condition any more. */
function leavesNone({ sql, where, assignments }: Clauses): boolean {
  if (!where) return false;
  const text = slice(sql, where);
  const words = scan(text, "postgresql").map((token) => slice(text, token));
  const isPlain = !words.some((word) => /^(?:or|case|between|select)$/i.test(word));
  return (
    isPlain &&
    assignments.some(({ column, expression }) => {
      const value = slice(sql, expression).trim();
      const isConstant = /^(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false)$/i.test(value);
      const at = words.findIndex((word) => word.toLowerCase() === column.toLowerCase());
      const isNull = words[at + 1]?.toLowerCase() === "is" && words[at + 2]?.toLowerCase() === "null";
      return isConstant && at >= 0 && isNull && words[at - 1]?.toLowerCase() !== "not";
    })
  );
}

interface Checked {
  readonly clauses: Clauses;
  readonly plain: string;
  readonly checksRest: boolean;
}

function render(file: RevisionFile, edit: Edit, { clauses, plain, checksRest }: Checked): string {
  const { sql, table, qualifier, where = { start: 0, end: 0 } } = clauses;
  const op = edit.addImport("alembic.op");
  const text = edit.addImport("sqlalchemy.text");
  const quote = quoteOf(file);
  const used = new Set(file.text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  const [bind = "", count = "", expected = "", changed = "", left = ""] = [
    "bind",
    "count",
    "expected",
    "changed",
    "left",
  ].map((name) => (used.has(name) ? `${name}_` : name));
  const relation = qualifier === table ? table : `${table} ${qualifier}`;
  const condition = slice(sql, where).replaceAll(/\s*\r?\n\s*/g, " ");
  if (/--/.test(condition)) throw new Refused("The condition holds a comment.");
  const shown = table.replaceAll('"', "").replaceAll(/[{}]/g, "");
  const executed = plain.startsWith(`${text}(`) ? plain : `${text}(${plain})`;
  const facts = `${shown}: {${expected}} rows to change, {${changed}} changed`;
  const other = quote === '"' ? "'" : '"';
  const said = facts.includes(quote) ? other : quote;
  return [
    `if ${op}.get_context().as_sql:`,
    `    ${op}.execute(${plain})`,
    "else:",
    `    ${bind} = ${op}.get_bind()`,
    `    ${count} = ${text}(${renderString(`SELECT count(*) FROM ${relation} WHERE ${condition}`, quote)})`,
    `    ${expected} = ${bind}.execute(${count}).scalar_one()`,
    `    ${changed} = ${bind}.execute(${executed}).rowcount`,
    ...(checksRest
      ? [
          `    ${left} = ${bind}.execute(${count}).scalar_one()`,
          `    if ${changed} != ${expected} or ${left} != 0:`,
          `        raise RuntimeError(f${said}${facts}, {${left}} left${said})`,
        ]
      : [`    if ${changed} != ${expected}:`, `        raise RuntimeError(f${said}${facts}${said})`]),
  ].join("\n");
}

export const addRowCountChecks = defineRefactoring<Plan>({
  id: "add-row-count-checks",
  title: "Check how many rows are changed",
  summary:
    "Counts the rows before a change and those left after it, and stops the migration where the numbers disagree.",
  why: `An UPDATE whose condition is wrong, or a trigger that holds rows back, changes too few rows without a word. The count before and after makes it an error
while the transaction can still be undone.`,
  keeps: [
    "The statement, which runs once, with its condition.",
    "The plain statement, for a script of `alembic upgrade --sql`.",
    "What is left is checked where none can be: after a DELETE, and where the column that was NULL gets a constant.",
  ],
  refuses: [
    "Joins, RETURNING, parameters, and SQL that is put together from parts.",
    "Statements in a helper, a loop, under a test or in a block of their own.",
    "Projects that do not run on PostgreSQL.",
  ],
  keepsSchema: true,
  examples: [
    {
      title: "A column is filled",
      given: `op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("status", sa.Text()))
`,
      before: `def upgrade() -> None:
    <|>op.execute("UPDATE users SET status = 'active' WHERE status IS NULL")


def downgrade() -> None:
    pass
`,
      after: [
        `def upgrade() -> None:
    if op.get_context().as_sql:
        op.execute("UPDATE users SET status = 'active' WHERE status IS NULL")
    else:
        bind = op.get_bind()
        count = sa.text("SELECT count(*) FROM users WHERE status IS NULL")
        expected = bind.execute(count).scalar_one()
        changed = bind.execute(sa.text("UPDATE users SET status = 'active' WHERE status IS NULL")).rowcount
        left = bind.execute(count).scalar_one()
        if changed != expected or left != 0:
            raise RuntimeError(f"users: {expected} rows to change, {changed} changed, {left} left")


def downgrade() -> None:
    pass
`,
      ],
    },
  ],
  plan: (place: Place) => find(place.project, place.file).find(({ operation }) => isAt(place, operation))?.offer,
  apply: ({ file }, { edits }) =>
    editedFile(file, edits, [
      "Where others write to the table meanwhile, the numbers may disagree though nothing is wrong; run it again then.",
    ]),
});
