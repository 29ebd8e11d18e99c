/** What the upgrade of a revision does, counted: "drops 14 tables". For a person who has not read the file yet. */
import { renderCoverage } from "./coverage.ts";
import type { Operation, RevisionFile } from "../model/revision.ts";
import { renderName, type ActionKind } from "../sql/action.ts";

export interface SummaryPart {
  /** `drops 14 tables`. */
  readonly words: string;
  /** What is dropped or made, in the order of the file, as far as it has a name. */
  readonly things: readonly string[];
  /** Rows are gone afterwards. */
  readonly loses: boolean;
}

export interface Summary {
  /** What loses rows comes first. */
  readonly parts: readonly SummaryPart[];
  /** How much of the file was understood, in words. */
  readonly coverage: string;
  readonly isWhole: boolean;
}

const losing: ReadonlySet<ActionKind> = new Set(["drop_table", "drop_column", "drop_schema", "truncate", "delete"]);

/** Queries, settings and transaction control change nothing that a reader of a summary asks about. */
const isCounted = ({ effect }: Operation): boolean => !["read", "session", "transaction"].includes(effect);

export function summarize(file: RevisionFile): Summary {
  const operations = file.upgrades.flatMap((direction) => direction.operations).filter(isCounted);
  const kinds = [...new Set(operations.map(({ kind }) => kind))];
  const parts = kinds.map((kind) =>
    partOf(
      kind,
      operations.filter((one) => one.kind === kind),
    ),
  );
  const { total, analysed } = file.statements;
  return {
    parts: [...parts.filter(({ loses }) => loses), ...parts.filter(({ loses }) => !loses)],
    coverage: renderCoverage(file.statements),
    isWhole: total === analysed,
  };
}

const partOf = (kind: ActionKind, operations: readonly Operation[]): SummaryPart => ({
  words: wordsFor(kind, operations.length),
  things: operations.flatMap(thingOf),
  loses: losing.has(kind),
});

function thingOf({ kind, table, name, columns }: Operation): readonly string[] {
  const owner = table === undefined ? undefined : renderName(table);
  if (owner !== undefined && kind.endsWith("_column")) return columns.map((column) => `${owner}.${column}`);
  const known = name ?? owner;
  return known === undefined ? [] : [known];
}

const ofRows: Partial<Record<ActionKind, string>> = {
  bulk_insert: "inserts rows",
  insert: "inserts rows",
  update: "changes rows",
  delete: "deletes rows",
  merge: "changes rows",
  truncate: "deletes all rows of a table",
  copy: "copies rows in",
  do: "runs a block of code",
  call: "calls a procedure",
  opaque: "does what could not be read",
};

const verbs: Readonly<Record<string, string>> = {
  add: "adds",
  alter: "alters",
  create: "creates",
  drop: "drops",
  rename: "renames",
  validate: "validates",
};

const plural = (noun: string): string =>
  noun.endsWith("index") ? `${noun}es` : noun.endsWith("policy") ? noun.replace(/y$/, "ies") : `${noun}s`;

function wordsFor(kind: ActionKind, count: number): string {
  const rows = ofRows[kind];
  if (rows !== undefined) return count === 1 ? rows : `${rows} in ${String(count)} places`;
  const [first = "", ...rest] = kind.split("_");
  const verb = verbs[first];
  if (verb === undefined || rest.length === 0) return `${kind.replaceAll("_", " ")} (${String(count)})`;
  const noun = rest.join(" ");
  const article = /^[aeiou]/.test(noun) ? "an" : "a";
  return count === 1 ? `${verb} ${article} ${noun}` : `${verb} ${String(count)} ${plural(noun)}`;
}
