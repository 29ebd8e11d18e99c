/**
 * How a file spells what its operations do: calls with their arguments, strings, imports. Only edits ask for it, so it
 * is no part of a reading: the tree is made anew when it is first asked for, and kept while edits of the file are planned.
 */
import { isImport, readImport, type Imported } from "../syntax/imports.ts";
import { childOf, textOf, walk, type Node } from "../syntax/node.ts";
import { parseSource } from "../syntax/source.ts";
import { contains, type Range } from "../text/range.ts";
import { directive } from "./calls/directives/index.ts";
import type { Direction, Operation, RevisionFile, Statement } from "./revision.ts";

export type { Imported };

export interface WrittenArgument {
  /** The keyword, or the parameter that a directive takes at this place. */
  readonly name?: string;
  readonly keyword: boolean;
  /** `*value` or `**value`: which arguments it gives is not written here. */
  readonly unpacks: boolean;
  readonly range: Range;
  readonly value: Range;
}

export interface WrittenCall {
  readonly range: Range;
  /** Everything before the parentheses. */
  readonly callee: Range;
  /** With its parentheses. */
  readonly list: Range;
  readonly arguments: readonly WrittenArgument[];
}

/** Of the last few files, the latest last: the trees of thousands, whose fixes are planned one after the other, would fill memory. */
const parsed = new Map<RevisionFile, readonly Node[]>();
const mostParsed = 8;

function statementsOf(file: RevisionFile): readonly Node[] {
  const known = parsed.get(file) ?? parseSource(file.text).statements;
  parsed.delete(file);
  for (const oldest of parsed.keys()) if (parsed.size >= mostParsed) parsed.delete(oldest);
  parsed.set(file, known);
  return known;
}

const isSame = (a: Range, b: Range): boolean => a.start === b.start && a.end === b.end;

/** The call that makes the operation; undefined where another file holds it, or where it is no single call. */
export function findCall(file: RevisionFile, operation: Operation): WrittenCall | undefined {
  if (operation.calls.some(({ path }) => path !== undefined)) return undefined;
  const { range } = operation;
  const statement = statementsOf(file).find((one) => contains(one, range));
  const exact = statement && [...walk(statement)].find((node) => node.type === "call" && isSame(node, range));
  return exact && toCall(exact, file.text, operation.via === "batch");
}

/** The call that is all of a place, such as of a statement that only calls something. */
export function findCallAt(file: RevisionFile, range: Range): WrittenCall | undefined {
  const statement = statementsOf(file).find((one) => contains(one, range));
  const exact = statement && [...walk(statement)].find((node) => node.type === "call" && isSame(node, range));
  return exact && toCall(exact, file.text, false);
}

/** The innermost call around a place, such as that of `sa.text` around its SQL. */
export function findCallAround(file: RevisionFile, range: Range): WrittenCall | undefined {
  const statement = statementsOf(file).find((one) => contains(one, range));
  const around = statement && [...walk(statement)].filter((node) => node.type === "call" && contains(node, range));
  const innermost = around?.at(-1);
  return innermost && toCall(innermost, file.text, false);
}

/** Calls of a method of this name within a place, outermost first. */
export function findMethodCalls(file: RevisionFile, range: Range, name: string): readonly WrittenCall[] {
  const statement = statementsOf(file).find((one) => contains(one, range));
  return [...(statement ? walk(statement) : [])].flatMap((node) => {
    if (node.type !== "call" || !contains(range, node)) return [];
    const callee = node.children[0]?.children.at(-1);
    const call = callee && textOf(file.text, callee) === name ? toCall(node, file.text, false) : undefined;
    return call ?? [];
  });
}

function toCall(node: Node, text: string, inBatch: boolean): WrittenCall | undefined {
  const [callee] = node.children;
  const list = childOf(node, "argument_list");
  if (!callee || !list) return undefined;
  const known = directive(textOf(text, callee.children.at(-1) ?? callee));
  const parameters = (inBatch ? known?.batch : known?.parameters) ?? [];
  let unpacked = false;
  const written = list.children.map((child, place): WrittenArgument => {
    const [first, second] = child.children;
    const range = { start: child.start, end: child.end };
    if (child.type === "keyword_argument" && first && second)
      return { name: textOf(text, first), keyword: true, unpacks: false, range, value: toRange(second) };
    const unpacks = child.type === "list_splat" || child.type === "dictionary_splat";
    unpacked ||= unpacks;
    const name = unpacked ? undefined : parameters[place]?.split("|")[0];
    return { ...(name === undefined ? {} : { name }), keyword: false, unpacks, range, value: range };
  });
  return { range: toRange(node), callee: toRange(callee), list: toRange(list), arguments: written };
}

const toRange = ({ start, end }: Range): Range => ({ start, end });

/** Strings within a place, each as a whole, quotes included: a line that begins in one cannot be indented. */
export const stringsIn = (file: RevisionFile, range: Range): readonly Range[] =>
  statementsOf(file)
    .filter((statement) => statement.start < range.end && range.start < statement.end)
    .flatMap((statement) => [...walk(statement)])
    .filter((node) => node.type === "string" && contains(range, node))
    .map(toRange);

/** As `stringsIn`, of code that is no part of a file yet. */
export const stringsOfCode = (code: string): readonly Range[] =>
  parseSource(code).statements.flatMap((statement) =>
    [...walk(statement)].filter((node) => node.type === "string").map(toRange),
  );

/** What the file's imports bind at its top level, the last of a name last. */
export const importsOf = (file: RevisionFile): readonly Imported[] =>
  statementsOf(file)
    .filter(isImport)
    .flatMap((node) => readImport(node, file.text).names);

/** A statement, in the block that holds it. */
export interface Standing {
  readonly statement: Statement;
  readonly direction: Direction;
  /** All statements of its block, in order. */
  readonly block: readonly Statement[];
}

/** The innermost statement of `upgrade()` or `downgrade()` around a place; of a compound one its head counts as its own. */
export function statementAround(file: RevisionFile, range: Range): Standing | undefined {
  for (const direction of [...file.upgrades, ...file.downgrades]) {
    const found = statementAmong(direction, direction.statements, range);
    if (found) return found;
  }
  return undefined;
}

function statementAmong(direction: Direction, block: readonly Statement[], range: Range): Standing | undefined {
  const statement = block.find((one) => contains(one.range, range));
  if (!statement) return undefined;
  for (const inner of statement.compound?.blocks ?? []) {
    const found = statementAmong(direction, inner.statements, range);
    if (found) return found;
  }
  return { statement, direction, block };
}

/** Of env.py: a statement that runs migrations, and the connection that Alembic was configured with before it. */
export interface MigrationRun {
  readonly connection: string;
  readonly statement: Range;
  readonly indent: string;
}

/** Each statement once; undefined where one of those that configure Alembic with a connection is followed by none. */
export function migrationRunsOf(file: RevisionFile): readonly MigrationRun[] | undefined {
  const { text } = file;
  const top = statementsOf(file);
  const nodes = top.flatMap((statement) => [...walk(statement)]);
  const configured = nodes.filter((node) => isCallOf(node, text, "configure"));
  const runs = new Map<number, MigrationRun>();
  for (const call of configured) {
    const connection = connectionOf(call, text);
    if (connection === undefined) continue;
    const scope = nodes.findLast(
      ({ type, start, end }) => type === "function_definition" && start < call.start && call.end <= end,
    );
    const within = scope ? [...walk(scope)] : nodes;
    const run = within.find((node) => node.start > call.end && isCallOf(node, text, "run_migrations"));
    const statement = run && within.findLast((node) => node.type === "expression_statement" && contains(node, run));
    const indent = statement && /(?:^|\n)([ \t]*)$/.exec(text.slice(0, statement.start))?.[1];
    if (!statement || indent === undefined) return undefined;
    runs.set(statement.start, { connection, statement: toRange(statement), indent });
  }
  return [...runs.values()];
}

function isCallOf({ type, children: [callee] }: Node, text: string, name: string): boolean {
  return type === "call" && callee !== undefined && textOf(text, callee).split(".").at(-1) === name;
}

/** By its keyword, or in the first place. */
function connectionOf(call: Node, text: string): string | undefined {
  const given = childOf(call, "argument_list")?.children ?? [];
  const named = given.find(
    ({ type, children: [key] }) =>
      type === "keyword_argument" && key !== undefined && textOf(text, key) === "connection",
  );
  const [first] = given;
  const value =
    named?.children[1] ?? (first && /^(?:identifier|attribute|subscript)$/.test(first.type) ? first : undefined);
  return value && textOf(text, value);
}
