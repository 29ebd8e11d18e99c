/**
 * Edits of one file in the terms of its operations and statements. Whoever repairs says what is to become of an
 * operation; where that would change something else as well, or text that is not this file's, the edit is refused.
 */
import { statementAround, type Standing } from "../model/written.ts";
import type { Direction, Operation, RevisionFile, Statement } from "../model/revision.ts";
import type { TextEdit } from "../text/edit.ts";
import { contains, type Range } from "../text/range.ts";
import { argumentEdits, changeArgument, type CallChange } from "./arguments.ts";
import { joinDeletions } from "./change.ts";
import { planImports } from "./imports.ts";
import { lineOf, Refused } from "./refused.ts";
import { sqlEdit } from "./sql-edit.ts";
import {
  autocommitHead,
  bodyEdit,
  insertionAfter,
  insertionBefore,
  prependEdit,
  removal,
  replacement,
  wrapEdits,
} from "./statement-edits.ts";

/**
 * Operations that an edit is about. One text can make several (a loop, a helper, a string with two commands): then all
 * of them must be given, or the edit is refused.
 */
export type Target = Operation | readonly Operation[];

/** Every method throws `Refused`, with the reason in one sentence, where the edit cannot be right. */
export interface Edit {
  /** Sets a keyword argument of the call that makes the operation, in place of what it is given now. */
  setArgument(of: Target, name: string, value: string): void;
  removeArgument(of: Target, name: string): void;
  /** Replaces a stretch of `operation.sql`, or puts something in where it is empty. */
  replaceSql(of: Operation, at: Range, sql: string): void;
  /** Puts statements under a head such as `with …:`; neighbours share one. */
  wrapStatement(of: Target | readonly Statement[], head: string): void;
  /** Puts statements into `with op.get_context().autocommit_block():`. */
  autocommit(of: Target | readonly Statement[]): void;
  /** The code is given without indentation. Comments above the statement stay. */
  replaceStatement(of: Target | Statement, code: string): void;
  /** Takes a statement out, with the comments above it. */
  removeStatement(of: Target | Statement): void;
  /** Above the statement and its comments. */
  insertBefore(of: Operation | Statement, code: string): void;
  insertAfter(of: Operation | Statement, code: string): void;
  /** Right above the statement, below its comments, and under the same head where it is wrapped. */
  prepend(of: Operation | Statement, code: string): void;
  /** A docstring stays; a function that is absent is made. Nothing left is `pass`. */
  replaceBody(direction: Direction, code: string): void;
  /** Imports what is not imported yet, and gives the words for it: `sa.text` for `sqlalchemy.text`. */
  addImport(path: string): string;
  /** Anything else. */
  replace(at: Range, newText: string): void;
  /** @throws RangeError where two of the edits overlap: that is a defect of the caller. */
  build(): readonly TextEdit[];
}

/** Insertions at one place come in this order. */
const order = { after: 0, before: 1, wrap: 2, text: 3 } as const;

interface Pending {
  readonly edit: TextEdit;
  readonly rank: number;
}

const isStatement = (of: Operation | Statement): of is Statement => "lines" in of;

/** The edits, or nothing where one of them cannot be right: for a repair that is offered or not. */
export function tryEdit(file: RevisionFile, make: (edit: Edit) => void): readonly TextEdit[] | undefined {
  try {
    const edit = newEdit(file);
    make(edit);
    return edit.build();
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

const toList = <T extends Operation | Statement>(of: T | readonly T[]): readonly T[] => ("length" in of ? of : [of]);

export function newEdit(file: RevisionFile): Edit {
  if (file.stale) throw new Refused("A part of the file is not valid Python now.");
  const pending: Pending[] = [];
  const calls = new Map<number, CallChange>();
  const prepended: { readonly at: Standing; readonly code: string }[] = [];
  const wrapped = new Set<Statement>();
  const imports = planImports(file);
  const wrappedAround = ({ range }: Statement): number =>
    [...wrapped].filter((one) => contains(one.range, range)).length;
  const add = (rank: number, ...edits: readonly TextEdit[]): void => {
    pending.push(...edits.map((edit) => ({ edit, rank })));
  };
  const edit: Edit = {
    setArgument: (of, name, value) => {
      changeArgument(file, calls, toList(of), name, value);
    },
    removeArgument: (of, name) => {
      changeArgument(file, calls, toList(of), name, undefined);
    },
    replaceSql: (of, at, sql) => {
      add(order.text, sqlEdit(file, of, at, sql));
    },
    wrapStatement: (of, head) => {
      const standings = standingsOf(file, of);
      for (const { statement } of standings) wrapped.add(statement);
      add(order.wrap, ...wrapEdits(file, standings, head));
    },
    autocommit: (of) => {
      edit.wrapStatement(of, autocommitHead(edit.addImport("alembic.op")));
    },
    replaceStatement: (of, code) => {
      add(order.text, replacement(file, whole(file, of), code));
    },
    removeStatement: (of) => {
      add(order.text, removal(file, whole(file, of)));
    },
    insertBefore: (of, code) => {
      add(order.before, insertionBefore(file, standing(file, of), code));
    },
    insertAfter: (of, code) => {
      add(order.after, insertionAfter(file, standing(file, of), code));
    },
    prepend: (of, code) => {
      prepended.push({ at: standing(file, of), code });
    },
    replaceBody: (direction, code) => {
      add(order.text, bodyEdit(file, direction, code));
    },
    addImport: (path) => imports.nameOf(path),
    replace: (range, newText) => {
      add(order.text, { range, newText });
    },
    build: () => {
      const above = prepended.map(({ at, code }) => ({
        edit: prependEdit(file, at, code, wrappedAround(at.statement)),
        rank: order.text,
      }));
      const all = [...pending, ...above, ...imports.edits().map((one) => ({ edit: one, rank: order.before }))];
      const sorted = all.sort((a, b) => a.edit.range.start - b.edit.range.start || a.rank - b.rank);
      return [
        ...joinDeletions([...sorted.map((one) => one.edit)]),
        ...[...calls.values()].flatMap((call) => argumentEdits(file, call)),
      ].sort((a, b) => a.range.start - b.range.start);
    },
  };
  return edit;
}

/** Where the file itself leads to the operation: its own text, or the call of the helper that holds it. */
const placeOf = ({ calls: [first], range }: Operation): Range => first?.range ?? range;

function standing(file: RevisionFile, of: Operation | Statement): Standing {
  const range = isStatement(of) ? of.range : placeOf(of);
  const found = statementAround(file, range);
  if (!found) throw new Refused(`No statement of this file stands on ${lineOf(file, range)}.`);
  const { statement } = found;
  const own = isStatement(of) ? { ...found, statement: of } : found;
  if (statement.shared) throw new Refused(`The statement on ${lineOf(file, range)} shares its line with another.`);
  return own;
}

/** The statement, of which the operations are all that it does. */
function whole(file: RevisionFile, of: Target | Statement): Standing {
  const list = toList<Operation | Statement>(of);
  const operations = list.filter((one) => !isStatement(one));
  const [first] = list;
  if (!first) throw new Refused("There is no operation to change.");
  const found = standing(file, first);
  if (isStatement(first)) return found;
  const { statement, direction } = found;
  const others = statement.operations.filter((index) => {
    const operation = direction.operations[index];
    return operation !== undefined && !operations.includes(operation);
  });
  if (others.length > 0)
    throw new Refused(`The statement on ${lineOf(file, statement.range)} does more than what is to be changed.`);
  return found;
}

/** The statements of operations, each once and wholly among them. */
function standingsOf(file: RevisionFile, of: Target | readonly Statement[]): readonly Standing[] {
  const list = toList<Operation | Statement>(of);
  const operations = list.filter((one) => !isStatement(one));
  const found = new Map<Statement, Standing>();
  for (const one of list) {
    const at = standing(file, one);
    if (found.has(at.statement)) continue;
    found.set(at.statement, at);
    if (!isStatement(one))
      whole(
        file,
        operations.filter((other) => standing(file, other).statement === at.statement),
      );
  }
  return [...found.values()];
}
