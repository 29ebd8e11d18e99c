/** The way back for a part that only filled columns which an earlier part added: they are emptied again. */
import { maybeSame } from "../../model/footprint.ts";
import type { Direction, Operation, RevisionFile, Statement } from "../../model/revision.ts";
import { lineStart } from "../../rewrite/lines.ts";
import { quoteOf, renderString, renderTable } from "../../rewrite/literal.ts";
import { quoteName } from "../../sql/quote.ts";
import type { Dialect, QualifiedName } from "../../sql/action.ts";
import { slice } from "../../text/range.ts";
import type { Half } from "./halves.ts";
import type { Leaf } from "./leaves.ts";
import type { Names } from "./names.ts";

export interface CutPart {
  readonly half: Half;
  readonly operations: readonly Operation[];
  readonly leaves: readonly Leaf[];
  /** What its downgrade does so far. */
  readonly undo: readonly Operation[];
}

/** Lines to append to a part's downgrade, and the names that they use. */
export interface Appended {
  readonly lines: string;
  readonly uses: readonly string[];
}

interface Filled {
  readonly table: QualifiedName;
  readonly columns: readonly string[];
}

/** Code to append, by the number of the part. */
export function findReversals(
  file: RevisionFile,
  downgrade: Direction,
  parts: readonly CutPart[],
  names: Names,
  dialect: Dialect,
): ReadonlyMap<number, Appended> {
  const appended = new Map<number, Appended>();
  if (downgrade.form !== "body") return appended;
  for (const [index, part] of parts.entries()) {
    if (part.half !== "data" || part.undo.length > 0) continue;
    const filled = filledColumns(parts, index);
    const relaxing = filled && relaxations(file, downgrade, parts, index, filled);
    const emptying = relaxing && renderEmptying(file, downgrade, part, names, filled, dialect);
    if (!emptying) continue;
    appended.set(index, emptying);
    for (const [later, one] of relaxing) {
      const before = appended.get(later);
      appended.set(later, { lines: (before?.lines ?? "") + one.lines, uses: [...(before?.uses ?? []), ...one.uses] });
    }
  }
  return appended;
}

const concerns = (operation: Operation, table: QualifiedName, column: string): boolean =>
  operation.table !== undefined &&
  maybeSame(operation.table, table) &&
  operation.columns.some((name) => name.toLowerCase() === column.toLowerCase());

/** `undefined` unless every row change of the part sets only columns that earlier parts added, and that may be NULL. */
function filledColumns(parts: readonly CutPart[], index: number): readonly Filled[] | undefined {
  const earlier = parts.slice(0, index).flatMap(({ operations }) => operations);
  const filled: { table: QualifiedName; columns: string[] }[] = [];
  for (const operation of parts[index]?.operations ?? []) {
    if (
      operation.effect === "read" ||
      operation.effect === "session" ||
      operation.effect === "transaction" ||
      operation.effect === "maintenance"
    )
      continue;
    const { table, columns } = operation;
    if (operation.kind !== "update" || table === undefined || columns.length === 0 || operation.incomplete === true)
      return undefined;
    const touched = operation.touches.filter(({ how, on }) => how === "update" && on.type === "column");
    if (
      touched.some(({ on }) => on.column === "*" || !columns.includes(on.column ?? "*") || !maybeSame(on.name, table))
    )
      return undefined;
    for (const column of columns) {
      const added = earlier.find((one) => one.kind === "add_column" && concerns(one, table, column));
      const definition = added?.details.definitions?.find(({ name }) => name.toLowerCase() === column.toLowerCase());
      if (definition?.nullable === false || definition?.generated !== undefined || added === undefined)
        return undefined;
      if (
        earlier.some(
          (one) => one.kind === "alter_column" && one.details.nullable === false && concerns(one, table, column),
        )
      )
        return undefined;
      const before = filled.find((one) => maybeSame(one.table, table));
      if (before === undefined) filled.push({ table, columns: [column] });
      else if (!before.columns.includes(column)) before.columns.push(column);
    }
  }
  return filled.length > 0 ? filled : undefined;
}

/**
 * What later parts must take back so that the columns may be NULL again, by part. `undefined` where that cannot be
 * written: then nothing is emptied.
 */
function relaxations(
  file: RevisionFile,
  downgrade: Direction,
  parts: readonly CutPart[],
  index: number,
  filled: readonly Filled[],
): ReadonlyMap<number, Appended> | undefined {
  const found = new Map<number, Appended>();
  for (const [later, part] of parts.entries()) {
    if (later <= index) continue;
    for (const operation of part.operations) {
      for (const { table, columns } of filled) {
        for (const column of columns.filter((name) => concerns(operation, table, name))) {
          const undone = part.undo.some(
            (one) =>
              concerns(one, table, column) || (one.details.newName !== undefined && one.details.newName === column),
          );
          if (undone && !demandsValue(operation)) continue;
          const relaxed = part.undo.some(
            (one) => one.kind === "alter_column" && one.details.nullable === true && concerns(one, table, column),
          );
          if (relaxed || operation.effect !== "schema" || isIndifferent(operation)) continue;
          const inverse = demandsValue(operation) ? renderRelaxation(file, downgrade, part, operation) : undefined;
          if (inverse === undefined) return undefined;
          found.set(later, inverse);
        }
      }
      const gone = operation.kind === "drop_table" || operation.kind === "rename_table";
      const undone = part.undo.some((one) => one.kind === "create_table" || one.kind === "rename_table");
      if (gone && !undone && filled.some(({ table }) => operation.table && maybeSame(operation.table, table)))
        return undefined;
    }
  }
  return found;
}

const demandsValue = (operation: Operation): boolean =>
  operation.kind === "alter_column" && operation.details.nullable === false;

/** NULL offends neither of these. */
const isIndifferent = ({ kind, details }: Operation): boolean =>
  [
    "create_index",
    "create_unique_constraint",
    "create_foreign_key",
    "create_check_constraint",
    "validate_constraint",
  ].includes(kind) ||
  (kind === "alter_column" &&
    details.nullable !== false &&
    details.newName === undefined &&
    details.newType === undefined);

/** The inverse of `op.alter_column(…, nullable=False)` and its like, as it is written in the upgrade. */
function renderRelaxation(
  file: RevisionFile,
  downgrade: Direction,
  part: CutPart,
  operation: Operation,
): Appended | undefined {
  const { newName, newType, serverDefault } = operation.details;
  if (newName !== undefined || newType !== undefined || serverDefault !== undefined || operation.columns.length !== 1)
    return undefined;
  const leaf = part.leaves.find((one) => one.operations.includes(operation));
  if (
    leaf === undefined ||
    operation.calls.length > 0 ||
    leaf.operations.filter((one) => one === operation).length !== 1
  )
    return undefined;
  const { statement } = leaf;
  if (statement.compound === undefined && leaf.frames.length === 0)
    return simpleRelaxation(file, downgrade, leaf, operation);
  const batch = [...leaf.frames, statement].find((one) => one.compound?.context?.kind === "batch");
  return batch && operation.via === "batch" && leaf.frames.length + (statement === batch ? 1 : 0) <= 1
    ? batchRelaxation(file, downgrade, batch, operation)
    : undefined;
}

function relax(text: string, operation: Operation): string | undefined {
  const pattern = operation.via === "sql" ? /\bSET\s+NOT\s+NULL\b/gi : /\bnullable(\s*=\s*)False\b/g;
  if ([...text.matchAll(pattern)].length !== 1) return undefined;
  return operation.via === "sql" ? text.replace(pattern, "DROP NOT NULL") : text.replace(pattern, "nullable$1True");
}

function simpleRelaxation(
  file: RevisionFile,
  downgrade: Direction,
  leaf: Leaf,
  operation: Operation,
): Appended | undefined {
  if (leaf.operations.length !== 1) return undefined;
  const { range, uses } = leaf.statement;
  const indent = slice(file.text, { start: lineStart(file.text, range.start), end: range.start });
  const text = relax(slice(file.text, range), operation);
  if (text === undefined || indent !== downgrade.indent) return undefined;
  return { lines: `${indent}${text}${file.newline}`, uses };
}

function batchRelaxation(
  file: RevisionFile,
  downgrade: Direction,
  batch: Statement,
  operation: Operation,
): Appended | undefined {
  const inner = batch.compound?.blocks[0]?.statements.find(
    ({ range }) => range.start <= operation.range.start && operation.range.end <= range.end,
  );
  const head = batch.compound?.head;
  if (inner === undefined || head === undefined || inner.operations.length !== 1) return undefined;
  const outer = slice(file.text, { start: lineStart(file.text, head.start), end: head.start });
  const text = relax(
    slice(file.text, { start: lineStart(file.text, inner.range.start), end: inner.range.end }),
    operation,
  );
  if (text === undefined || outer !== downgrade.indent) return undefined;
  return {
    lines: `${outer}${slice(file.text, head)}${file.newline}${text}${file.newline}`,
    uses: [...batch.uses, ...inner.uses],
  };
}

/** `UPDATE … SET … = NULL`, run in the way in which the part's own data change is. */
function renderEmptying(
  file: RevisionFile,
  downgrade: Direction,
  part: CutPart,
  names: Names,
  filled: readonly Filled[],
  dialect: Dialect,
): Appended | undefined {
  const indent = downgrade.indent === "" ? indentOf(file, part) : downgrade.indent;
  const quote = quoteOf(file);
  const statements = filled.map(({ table, columns }) => {
    const settings = columns.map((column) => `${quoteName(column, dialect)} = NULL`).join(", ");
    return renderString(`UPDATE ${renderTable(table, dialect)} SET ${settings}`, quote);
  });
  const connection = connectionOf(file, part, names);
  const text = textOf(file);
  if (connection !== undefined && text !== undefined) {
    const lines = [
      connection.definition,
      ...statements.map((one) => `${connection.name}.execute(${text.call}(${one}))`),
    ];
    return {
      lines: lines.map((line) => `${indent}${line}${file.newline}`).join(""),
      uses: [...connection.uses, text.name],
    };
  }
  const { op } = file.aliases;
  if (op === undefined) return undefined;
  return { lines: statements.map((one) => `${indent}${op}.execute(${one})${file.newline}`).join(""), uses: [op] };
}

/** For a downgrade on one line: the indentation of what the part does. */
function indentOf(file: RevisionFile, { leaves }: CutPart): string {
  const start = (leaves[0]?.frames[0] ?? leaves[0]?.statement)?.range.start ?? 0;
  return slice(file.text, { start: lineStart(file.text, start), end: start });
}

/** The local variable that the part's data changes are run on, where it is simply `op.get_bind()`. */
function connectionOf(
  file: RevisionFile,
  part: CutPart,
  names: Names,
): { readonly name: string; readonly definition: string; readonly uses: readonly string[] } | undefined {
  for (const leaf of part.leaves) {
    const name = /(?<![\w.])([\p{L}_]\w*)\s*\.\s*(?:execute|exec_driver_sql)\s*\(/u.exec(
      slice(file.text, leaf.statement.range),
    )?.[1];
    const by = name === undefined ? undefined : names.definitionsFor(leaf).find((one) => one.name === name)?.by;
    if (name === undefined || by === undefined || by.frames.length > 0) continue;
    const definition = slice(file.text, by.statement.range);
    if (/^\w+\s*(?::[^=]+)?=\s*[\w.]+\.get_bind\(\)$/.test(definition))
      return { name, definition, uses: by.statement.uses };
  }
  return undefined;
}

function textOf(file: RevisionFile): { readonly call: string; readonly name: string } | undefined {
  const { sa } = file.aliases;
  if (sa !== undefined) return { call: `${sa}.text`, name: sa };
  const imported = file.module.find(
    (item) =>
      item.kind === "import" && item.binds.includes("text") && /\bsqlalchemy\b/.test(slice(file.text, item.range)),
  );
  return imported && { call: "text", name: "text" };
}
