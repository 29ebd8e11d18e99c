/**
 * The smallest things that a split moves. Usually a statement of the function's own body; where a guard, a batch block
 * or a loop over constants holds both halves, it is opened and its inner statements are moved, each with the same guard.
 */
import type { Direction, Operation, RevisionFile, Statement } from "../../model/revision.ts";
import { namesIn } from "../../rewrite/module.ts";
import { slice } from "../../text/range.ts";
import type { Half, Halves } from "./halves.ts";
import { lineOf, Refused } from "../../rewrite/refused.ts";

export interface Leaf {
  /** Position in the order of the text. */
  readonly index: number;
  readonly statement: Statement;
  /** Compound statements that were opened to get here, outermost first. */
  readonly frames: readonly Statement[];
  readonly operations: readonly Operation[];
  /** `undefined`: neither; it goes with what it is needed for. */
  readonly half: Half | "unknown" | undefined;
  /** Leaves the function or raises under a test that answers the same in every part. */
  readonly exits: boolean;
}

const inside = (statement: Statement): readonly Statement[] =>
  (statement.compound?.blocks ?? []).flatMap((block) => block.statements.flatMap((inner) => [inner, ...inside(inner)]));

export const contains = (statement: Statement, kinds: readonly Statement["kind"][]): boolean =>
  kinds.includes(statement.kind) || inside(statement).some(({ kind }) => kinds.includes(kind));

/** Some of these stand in its blocks. */
export const holds = (statement: Statement, some: ReadonlySet<Statement>): boolean =>
  inside(statement).some((one) => some.has(one));

/** Whether a statement must be opened although it could stay whole: what a downgrade undoes may be of several parts. */
export type MustOpen = (statement: Statement, operations: readonly Operation[]) => boolean;

/** Halves must part in an upgrade; a downgrade is cut by other lines, and may keep both in one statement. */
export type Mixing = "refused" | "allowed";

export function readLeaves(
  file: RevisionFile,
  direction: Direction,
  halves: Halves,
  mixing: Mixing,
  mustOpen: MustOpen,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (statement: Statement, frames: readonly Statement[]): void => {
    const around = new Set(aroundBlocks(statement));
    const operations = statement.operations.flatMap((index) =>
      around.has(index) ? [] : (direction.operations[index] ?? []),
    );
    const found = new Set(operations.flatMap((operation) => halves.of(operation) ?? []));
    const mixed = mixing === "refused" && found.has("schema") && found.has("data");
    const exits = contains(statement, ["return", "raise"]) && statement.kind !== "def" && statement.kind !== "class";
    const leavesEarly = exits && statement.compound !== undefined && contains(statement, ["return"]) && found.size > 0;
    const closed = (): string | undefined => whyClosed(file, statement, direction, halves);
    if (mixed || leavesEarly || (mustOpen(statement, operations) && closed() === undefined)) {
      const why = closed();
      if (why !== undefined)
        throw new Refused(
          leavesEarly && !mixed ? whyExit(file, statement) : whyMixed(file, statement, operations, why),
        );
      for (const inner of (statement.compound?.blocks ?? []).flatMap((block) => block.statements))
        visit(inner, [...frames, statement]);
      return;
    }
    const half = found.has("unknown")
      ? "unknown"
      : found.has("data")
        ? "data"
        : found.has("schema")
          ? "schema"
          : undefined;
    const isExit = exits && half === undefined;
    const tests = [...frames, ...(statement.compound ? [statement] : [])];
    const early =
      isExit &&
      tests.some((test) => test.kind === "if" && !isPureTest(file, test, halves)) &&
      contains(statement, ["return"]);
    if (early) throw new Refused(whyExit(file, statement));
    const pureExit =
      isExit && (statement.compound === undefined || (statement.kind === "if" && isPureTest(file, statement, halves)));
    leaves.push({ index: leaves.length, statement, frames, operations, half, exits: pureExit });
  };
  for (const statement of direction.statements) visit(statement, []);
  return leaves;
}

const answersTheSame = new Set(
  `get_bind get_context is_offline_mode isinstance str startswith endswith lower upper get getenv bool int len getattr
  get_dialect_name get_backend_name get_x_argument batch_alter_table autocommit_block f range enumerate zip sorted list
  tuple set dict items keys values reversed and or not in if elif for with else`.split(/\s+/),
);
const asksDialect = /^_?(?:is|using|has|on)_(?:sqlite|postgres(?:ql)?|mysql|mariadb|oracle|mssql)\w*$/i;

/** The heads of a compound statement call nothing whose answer depends on what the database holds. */
export function hasPureHeads(file: RevisionFile, statement: Statement): boolean {
  const context = statement.compound?.context?.kind;
  if (context === "batch") {
    // Its arguments are constructs: types, constraints, names.
    const head = statement.compound && slice(file.text, statement.compound.head);
    return head !== undefined && !/\b(?:execute|scalar|inspect|query|fetch\w*|reflect\w*\()/.test(head);
  }
  if (statement.compound?.managed === true) return true;
  return (statement.compound?.blocks ?? []).every(({ head }) =>
    [...slice(file.text, head).matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s*\(/gu)].every(
      ([, name = ""]) => answersTheSame.has(name) || asksDialect.test(name),
    ),
  );
}

const isPureTest = (file: RevisionFile, statement: Statement, { keepsAnswers }: Halves): boolean => {
  const context = statement.compound?.context;
  // What it asks is known, and the revision itself changes nothing of it. Of other arms it is not known.
  if (context?.kind === "branch" && context.asks && statement.compound?.blocks.length === 1)
    return keepsAnswers(context.asks);
  return (
    (context === undefined || (context.kind === "branch" && context.on !== "existence")) &&
    hasPureHeads(file, statement)
  );
};

/** What the statement does besides what stands in its blocks. */
function headOperations(statement: Statement): readonly number[] {
  const inner = new Set(inside(statement).flatMap(({ operations }) => operations));
  return statement.operations.filter((index) => !inner.has(index));
}

/** What context managers of the project do around the blocks in a statement: it goes with each block. */
const aroundBlocks = (statement: Statement): readonly number[] =>
  [statement, ...inside(statement)].flatMap((one) => (one.compound?.managed === true ? headOperations(one) : []));

/** It ends with the block that it was done for: it may be done again around each half of the block. */
const isScoped = (operation: Operation, { runs }: Halves): boolean =>
  operation.effect === "session" || operation.effect === "transaction" || !runs(operation);

/** Why a compound statement cannot be repeated around each half of what it holds; `undefined` where it can. */
function whyClosed(file: RevisionFile, statement: Statement, direction: Direction, halves: Halves): string | undefined {
  const { compound } = statement;
  if (compound === undefined) return "it is one statement";
  if (inside(statement).some(({ kind, shared }) => kind === "other" || shared))
    return "it holds statements that cannot be taken apart";
  const heads = headOperations(statement).flatMap((index) => direction.operations[index] ?? []);
  const headActs = compound.managed === true ? !heads.every((one) => isScoped(one, halves)) : heads.length > 0;
  const asksOnly = statement.kind === "if" && heads.every(({ effect }) => effect === "read");
  if (asksOnly && isPureTest(file, statement, halves)) return undefined;
  if (headActs || !hasPureHeads(file, statement)) {
    if (statement.kind === "if")
      return "its test asks what the database holds, and would answer otherwise in a second revision";
    return "what it runs over or opens depends on the database";
  }
  const context = compound.context;
  switch (statement.kind) {
    case "if":
      return isPureTest(file, statement, halves)
        ? undefined
        : "its test asks what the database holds, and would answer otherwise in a second revision";
    case "with":
      return (compound.managed ?? (context?.kind === "batch" || context?.kind === "autocommit"))
        ? undefined
        : "what it opens cannot be repeated";
    case "for":
      if (context?.kind !== "loop" || context.over !== "constant")
        return "only a loop over constants can be repeated in several revisions";
      return contains(statement, ["return", "raise"]) ? "it can be left before its end" : undefined;
    default:
      return "its parts belong together";
  }
}

const nouns: Partial<Record<Statement["kind"], string>> = {
  if: "The `if`",
  for: "The loop",
  while: "The loop",
  with: "The `with` block",
  try: "The `try` block",
};

function whyMixed(file: RevisionFile, statement: Statement, operations: readonly Operation[], why: string): string {
  const where = lineOf(file, statement.compound?.head ?? statement.range);
  const noun = nouns[statement.kind];
  if (noun !== undefined) return `${noun} on ${where} changes both schema and data, and ${why}.`;
  const helper = operations.every(({ calls }) => calls.length > 0) ? operations[0]?.calls[0]?.helper : undefined;
  if (helper !== undefined)
    return `The call of ${helper}() on ${where} changes both schema and data, and a helper cannot be cut in two.`;
  const sql = operations.every(({ via }) => via === "sql");
  return `The ${sql ? "SQL" : "statement"} on ${where} changes both schema and data at once.`;
}

export const whyExit = (file: RevisionFile, statement: Statement): string =>
  `The early return on ${lineOf(file, statement.compound?.head ?? statement.range)} depends on what the database holds, and would answer otherwise in a second revision.`;

/** Names that the head of an opened statement uses, in all its arms. */
export const headNames = (file: RevisionFile, statement: Statement): readonly string[] =>
  (statement.compound?.blocks ?? []).flatMap(({ head }) => namesIn(slice(file.text, head)));

export const describe = (file: RevisionFile, leaf: Leaf): string => {
  const text = slice(file.text, leaf.statement.compound?.head ?? leaf.statement.range).replace(/\s+/g, " ");
  return `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\` (${lineOf(file, leaf.statement.range)})`;
};
