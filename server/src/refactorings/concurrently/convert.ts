/** Edits that put index changes into autocommit blocks, in a form that can be run again after it failed. */
import type { Operation, RevisionFile, Statement } from "../../model/revision.ts";
import { findCall, findCallAt, statementAround, type WrittenCall } from "../../model/written.ts";
import { newEdit, type Edit } from "../../rewrite/edit.ts";
import { quoteOf, renderString, renderTable } from "../../rewrite/literal.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { scan } from "../../sql/scan.ts";
import type { TextEdit } from "../../text/edit.ts";
import { slice } from "../../text/range.ts";
import { SharedBlock } from "../apart.ts";
import { placeOf } from "../place.ts";

/** @throws Refused where one of them is not written in a way that can be changed. */
export function concurrentEdits(file: RevisionFile, operations: readonly Operation[]): readonly TextEdit[] {
  const edit = newEdit(file);
  const statements = new Map<Statement, Operation[]>();
  for (const operation of operations) {
    const { statement } = statementOf(file, operation);
    statements.set(statement, [...(statements.get(statement) ?? []), operation]);
  }
  const plain = operations.filter(({ context }) => !context.some(({ kind }) => kind === "autocommit"));
  for (const inside of statements.values()) convert(file, edit, inside);
  wrap(file, edit, plain);
  return edit.build();
}

/** What is done in a batch block is done at its end, so it is the block that has to be wrapped. */
function wrap(file: RevisionFile, edit: Edit, operations: readonly Operation[]): void {
  const batches = new Set<Statement>();
  for (const operation of operations.filter(({ via }) => via === "batch")) {
    const batch = operation.context.find(({ kind }) => kind === "batch");
    const standing = batch && statementAround(file, { start: batch.range.start, end: batch.range.start });
    if (!standing || batch.path !== undefined)
      throw new Refused(`The batch block on ${lineOf(file, operation.range)} is not one of this file.`);
    const all = standing.statement.operations.flatMap((index) => standing.direction.operations[index] ?? []);
    const beside = all.filter((one) => !operations.includes(one));
    const foreign = beside.find(({ via }) => via !== "batch");
    // It goes along wherever the block goes: of a context manager that stands in the same `with`, say.
    if (foreign)
      throw new Refused(
        `Beside the batch block on ${lineOf(file, batch.range)} more is done in the same \`with\` (${lineOf(file, foreign.range)}), which would be done once more where its index changes are.`,
      );
    const [other] = beside;
    if (other)
      throw new SharedBlock(
        `The batch block on ${lineOf(file, batch.range)} does more than change indexes, and all of it is done at once at its end.`,
        other,
      );
    batches.add(standing.statement);
  }
  const others = operations.filter(({ via }) => via !== "batch");
  if (batches.size > 0) edit.autocommit([...batches]);
  if (others.length > 0) edit.autocommit(others);
}

const statementOf = (file: RevisionFile, operation: Operation): { readonly statement: Statement } => {
  const found = statementAround(file, placeOf(operation));
  if (!found) throw new Refused(`No statement of this file stands on ${lineOf(file, operation.range)}.`);
  return found;
};

function convert(file: RevisionFile, edit: Edit, operations: readonly Operation[]): void {
  const [first] = operations;
  if (!first) return;
  if (first.via === "sql") convertSql(file, edit, operations);
  else convertCall(file, edit, operations, first);
}

function convertCall(file: RevisionFile, edit: Edit, operations: readonly Operation[], first: Operation): void {
  edit.setArgument(operations, "postgresql_concurrently", "True");
  if (first.kind === "drop_index") {
    edit.setArgument(operations, "if_exists", "True");
    return;
  }
  // An index that is there already may be a finished one that somebody built beforehand.
  if (first.details.ifNotExists) return;
  const call = findCall(file, first);
  if (!call || first.calls.length > 0)
    throw new Refused(
      `The index on ${lineOf(file, first.range)} is built in a helper, which would have to be changed for all that call it.`,
    );
  edit.prepend(first, `${comment}${file.newline}${dropLeftover(file, edit, call, first)}`);
}

const comment = "# A build that failed before has left an invalid index.";

/** The same index by the same words. */
function dropLeftover(file: RevisionFile, edit: Edit, call: WrittenCall, { via, range }: Operation): string {
  const argument = (name: string): string | undefined => {
    const found = call.arguments.find((one) => one.name === name);
    return found && slice(file.text, found.value);
  };
  const name = argument("index_name");
  const table = argument("table_name");
  if (name === undefined || name === "None")
    throw new Refused(`The index on ${lineOf(file, range)} has no name by which a failed build could be dropped.`);
  const schema = argument("schema");
  const callee = slice(file.text, call.callee);
  const dot = callee.lastIndexOf(".");
  const receiver = dot < 0 ? edit.addImport("alembic.op") : callee.slice(0, dot);
  const place =
    via === "batch" ? [] : [`table_name=${table ?? "None"}`, ...(schema === undefined ? [] : [`schema=${schema}`])];
  return `${receiver}.drop_index(${[name, ...place, "if_exists=True", "postgresql_concurrently=True"].join(", ")})`;
}

function convertSql(file: RevisionFile, edit: Edit, operations: readonly Operation[]): void {
  const [operation, other] = operations;
  if (!operation) return;
  const at = lineOf(file, operation.range);
  const { statement } = statementOf(file, operation);
  if (other ?? statement.operations.length > 1)
    throw new Refused(`The statement on ${at} runs several commands, and a concurrent one has to run alone.`);
  const call = findCallAt(file, statement.range);
  if (!call || slice(file.text, call.callee) !== `${file.aliases.op ?? ""}.execute`)
    throw new Refused(
      `The SQL on ${at} is not given to op.execute(), so it may run on a connection that the autocommit block does not reach.`,
    );
  const sql = operation.sql ?? "";
  const words = scan(sql, "postgresql").filter(({ kind }) => kind === "word");
  const index = words.findIndex(({ start, end }) => sql.slice(start, end).toUpperCase() === "INDEX");
  const after = words[index];
  if (!after) throw new Refused(`The SQL on ${at} could not be read.`);
  const creates = operation.kind === "create_index";
  const guard = creates || operation.details.ifExists ? "" : " IF EXISTS";
  edit.replaceSql(operation, { start: after.end, end: after.end }, ` CONCURRENTLY${guard}`);
  if (!creates || operation.details.ifNotExists) return;
  if (operation.name === undefined)
    throw new Refused(`The index on ${at} has no name by which a failed build could be dropped.`);
  const schema = operation.table?.schema;
  const name = renderTable(
    schema === undefined ? { name: operation.name } : { schema, name: operation.name },
    "postgresql",
  );
  const drop = renderString(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`, quoteOf(file));
  edit.prepend(operation, `${comment}${file.newline}${file.aliases.op ?? "op"}.execute(${drop})`);
}
