/** Of one large change of rows into one that walks the primary key. */
import { judgedIn, type Judged } from "../../facts/judged.ts";
import type { Direction, Operation, RevisionFile } from "../../model/revision.ts";
import { findCallAt, findMethodCalls, statementAround } from "../../model/written.ts";
import type { Project } from "../../project/snapshot.ts";
import { newEdit, type Edit } from "../../rewrite/edit.ts";
import { quoteOf, renderString } from "../../rewrite/literal.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";
import type { TextEdit } from "../../text/edit.ts";
import { slice } from "../../text/range.ts";
import type { Candidates, Conversion } from "../apart.ts";
import { defineConstant, freshNames } from "../constants.ts";
import { readClauses, readsAgain, type Clauses } from "./clauses.ts";
import { renderBatches, type Batched, type Words } from "./code.ts";
import { renderSkipping } from "./skipping.ts";
import { findUnrepeatable } from "./repeatable.ts";

/** By the SQL of a statement: the primary key that it is walked by. */
type Keys = ReadonlyMap<string, readonly string[]>;

const kinds: readonly Operation["kind"][] = ["update", "delete", "insert"];

function findLarge(project: Project, file: RevisionFile, direction: Direction): Candidates | undefined {
  if (project.config.dialect !== "postgresql" || direction.name !== "upgrade") return undefined;
  if (!direction.operations.some(({ kind }) => kinds.includes(kind))) return undefined;
  const judged = judgedIn(project, file, direction);
  const large = judged.filter(isLarge).map(({ operation }) => operation);
  // Beside what can be changed, a construct that cannot be taken apart is one more statement of the revision.
  const plain = large.filter(({ via, details }) => via !== "core" || details.statement !== undefined);
  const operations = plain.length > 0 ? plain : large;
  return operations.length > 0 ? { direction, operations, judged } : undefined;
}

/** As long as a table is large; in a loop it is one of many already. */
export const isLarge = (one: Judged): boolean => {
  const { operation, isUnderstood, isOnExistingTable } = one;
  const { kind, via, details, context } = operation;
  const isStatement = via === "sql" || via === "core";
  if (!isUnderstood || !isOnExistingTable || !isStatement || !kinds.includes(kind) || context.length > 0) return false;
  return kind !== "insert" || details.source === "query";
};

/** The SQL of the statement, or what SQLAlchemy makes of its construct. */
const sqlOf = ({ via, sql, details }: Operation): string => (via === "core" ? details.statement : sql) ?? "";

function learn(file: RevisionFile, { operations, judged }: Candidates): Keys {
  return new Map(
    judged
      .filter(({ operation }) => operations.includes(operation))
      .map((one) => [sqlOf(one.operation), keyOf(file, one)]),
  );
}

const keyOf = (file: RevisionFile, judged: Judged): readonly string[] => clausesAndKey(file, judged).key;

/** @throws Refused where the rows cannot be walked, or not twice. */
export function clausesAndKey(
  file: RevisionFile,
  { operation, schema }: Judged,
): { readonly clauses: Clauses; readonly key: readonly string[] } {
  const at = lineOf(file, operation.range);
  const clauses = clausesOf(file, operation);
  const name = relationOf(clauses);
  const table = schema.table(name);
  const key =
    typeof table === "object" ? table.constraints.find(({ type }) => type === "primary_key")?.columns : undefined;
  if (typeof table !== "object" || key === undefined || key.length === 0)
    throw new Refused(
      `The primary key of ${renderName(name)}, by which its rows would be walked, is not known on ${at}.`,
    );
  if (clauses.assignments.some(({ column }) => key.includes(column)))
    throw new Refused(`The statement on ${at} changes the primary key by which the rows would be walked.`);
  if (readsAgain(clauses))
    throw new Refused(
      `The statement on ${at} reads ${renderName(name)} in a query of its own, so that each batch would see what those before have done.`,
    );
  const again = findUnrepeatable(clauses);
  if (again)
    throw new Refused(
      `What ${again.column} is set to on ${at} is another value when it is set again, so that a run which failed half way could not be repeated.`,
    );
  return { clauses, key };
}

function clausesOf(file: RevisionFile, operation: Operation): Clauses {
  if (operation.via === "core") return clausesOfConstruct(file, operation);
  const at = lineOf(file, operation.range);
  if (
    operation.confidence !== "certain" ||
    operation.calls.length > 0 ||
    slice(file.text, operation.range) !== operation.sql
  )
    throw new Refused(`The SQL on ${at} is put together from parts, or stands in a helper.`);
  const clauses = readClauses(operation.sql);
  if (clauses) return clauses;
  throw new Refused(
    operation.kind === "insert"
      ? `The INSERT on ${at} joins, groups, computes or lacks ON CONFLICT DO NOTHING, without which a second run would insert the rows again.`
      : `The statement on ${at} joins, returns rows or takes parameters, and is not taken apart.`,
  );
}

function clausesOfConstruct(file: RevisionFile, operation: Operation): Clauses {
  const at = lineOf(file, operation.range);
  if (operation.calls.length > 0) throw new Refused(`The statement on ${at} stands in a helper.`);
  const { statement } = operation.details;
  const clauses = operation.confidence === "certain" && statement !== undefined ? readClauses(statement) : undefined;
  if (clauses) return clauses;
  throw new Refused(
    statement !== undefined && operation.kind === "insert"
      ? `The INSERT on ${at} computes or lacks on_conflict_do_nothing(), without which a second run would insert the rows again.`
      : `The statement on ${at} uses other tables, returns rows, or holds a value whose SQL is not known for certain, and is not taken apart.`,
  );
}

/** The name as the server folds it; of an INSERT that of the table that it reads. */
function relationOf({ table }: Clauses): QualifiedName {
  const parts = table
    .replace(/^ONLY /, "")
    .split(".")
    .map((part) => part.trim())
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()));
  const [first = "", second] = parts;
  return second === undefined ? { name: first } : { schema: first, name: second };
}

interface Manner {
  /** Between two batches, so that others get their turn and replicas catch up. */
  readonly pauses: boolean;
  /** Rows that somebody else holds locked are left for a second pass. */
  readonly skips: boolean;
}

function edits(file: RevisionFile, operations: readonly Operation[], keys: Keys, manner: Manner): readonly TextEdit[] {
  const edit = newEdit(file);
  const words = { ...wordsFor(file, edit), ...(manner.pauses && { pause: pauseFor(file, edit) }) };
  const render = manner.skips ? renderSkipping : renderBatches;
  for (const operation of operations) {
    if (manner.skips) refuseSkipping(file, operation);
    edit.replaceStatement(operation, render(file, batchedOf(file, operation, keys), words));
  }
  return edit.build();
}

function refuseSkipping(file: RevisionFile, { kind, via, range }: Operation): void {
  const at = lineOf(file, range);
  if (kind === "insert") throw new Refused(`The INSERT on ${at} waits for no row of the table that it reads.`);
  if (via === "core")
    throw new Refused(`The statement on ${at} is a construct of SQLAlchemy, which cannot tell what it has left out.`);
}

function wordsFor(file: RevisionFile, edit: Edit): Words {
  return {
    op: edit.addImport("alembic.op"),
    text: edit.addImport("sqlalchemy.text"),
    logging: edit.addImport("logging"),
    size: defineConstant(file, edit, {
      name: "BATCH_SIZE",
      value: "10_000",
      comment: "Rows that are changed, and committed, at a time.",
    }),
    fresh: freshNames(file),
  };
}

const pauseFor = (file: RevisionFile, edit: Edit): NonNullable<Words["pause"]> => ({
  time: edit.addImport("time"),
  seconds: defineConstant(file, edit, {
    name: "PAUSE_SECONDS",
    value: "0.1",
    comment: "What is slept between two batches, in no transaction.",
  }),
});

/** The code of an UPDATE that is not written yet, in batches; the size is defined where the file has none. */
export function batchesOf(file: RevisionFile, edit: Edit, sql: string, key: readonly string[]): string {
  const clauses = readClauses(sql);
  if (!clauses) throw new Refused("The rows cannot be changed in batches, since their statement is not taken apart.");
  const words = wordsFor(file, edit);
  return renderBatches(file, { clauses, key, plain: renderString(sql, quoteOf(file)) }, words);
}

function batchedOf(file: RevisionFile, operation: Operation, keys: Keys): Batched {
  const at = lineOf(file, operation.range);
  const key = keys.get(sqlOf(operation));
  const plain = executedText(file, operation);
  if (plain === undefined) throw new Refused(`The statement on ${at} does more than execute one piece of SQL.`);
  if (key === undefined) throw new Refused(`The SQL on ${at} has changed.`);
  const construct = operation.via === "core" ? constructOf(file, operation, plain, at) : undefined;
  return { clauses: clausesOf(file, operation), key, plain, ...(construct && { construct }) };
}

/** The construct with one more condition, which is put where its rows are chosen. */
function constructOf(file: RevisionFile, operation: Operation, plain: string, at: string): Batched["construct"] {
  if (operation.kind !== "insert") return { isSelected: false, within: (name, bounds) => `${name}.where(${bounds})` };
  const query = findMethodCalls(file, operation.range, "from_select")[0]?.arguments[1];
  if (!query || query.unpacks) throw new Refused(`The query of the INSERT on ${at} does not stand in the statement.`);
  const start = file.text.indexOf(plain, operation.range.start);
  const end = query.value.end - start;
  return { isSelected: true, within: (_, bounds) => `${plain.slice(0, end)}.where(${bounds})${plain.slice(end)}` };
}

export interface ExecutedCall {
  /** `op.execute` */
  readonly callee: string;
  /** The one argument, as it is written. */
  readonly plain: string;
}

/** The call that is all of a statement, and does nothing but execute one piece of SQL. */
export function executedCall(file: RevisionFile, operation: Operation): ExecutedCall | undefined {
  const statement = statementAround(file, operation.range)?.statement;
  const call = statement && statement.operations.length <= 1 ? findCallAt(file, statement.range) : undefined;
  const [only, ...others] = call?.arguments ?? [];
  const callee = call ? slice(file.text, call.callee) : "";
  if (!only || others.length > 0 || only.unpacks || !/\.execute$/.test(callee)) return undefined;
  return { callee, plain: slice(file.text, only.value) };
}

export const executedText = (file: RevisionFile, operation: Operation): string | undefined =>
  executedCall(file, operation)?.plain;

const conversion = (manner: Manner): Conversion<Keys> => ({
  find: findLarge,
  learn,
  edits: (file, operations, keys) => edits(file, operations, keys, manner),
  title: ({ length }) =>
    `Change the rows in batches${manner.pauses ? " with pauses" : manner.skips ? " past locked ones" : ""}${length === 1 ? "" : `, of ${length} statements`}`,
  notes: (operations) =>
    operations.some((one) => /\b(?:now\s*\(|current_timestamp|current_date|localtimestamp)/i.test(sqlOf(one)))
      ? ["The time that the SQL asks for is that of each batch, no longer the same in all rows."]
      : [],
});

export const inBatches = conversion({ pauses: false, skips: false });
export const inBatchesWithPauses = conversion({ pauses: true, skips: false });
export const inBatchesPastLocks = conversion({ pauses: false, skips: true });
