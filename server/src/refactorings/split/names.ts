/** Which leaf gives a name the value that another leaf sees: local names, followed through their rebindings. */
import type { RevisionFile, Statement } from "../../model/revision.ts";
import { slice } from "../../text/range.ts";
import { headNames, type Leaf } from "./leaves.ts";

export interface Names {
  /** Leaves whose values the leaf may see, by name. */
  readonly definitionsFor: (leaf: Leaf) => readonly { readonly name: string; readonly by: Leaf }[];
  /** May be repeated in several parts: it neither asks the database nor uses what was asked of it. */
  readonly isRepeatable: (leaf: Leaf) => boolean;
  /** Names that are bound in the function itself. */
  readonly isLocal: (name: string) => boolean;
}

const report =
  /^(?:print|logging\.\w+|_?log(?:ger)?\.\w+|LOG(?:GER)?\.\w+|warnings\.warn|sys\.std\w+\.write|time\.sleep|sleep|click\.echo|context\.\w+\.log)\s*\(/;

/** Says something or waits, and changes nothing: it has its place but no users. */
export const isReport = (file: RevisionFile, { statement, operations }: Leaf): boolean =>
  operations.length === 0 &&
  (["pass", "docstring"].includes(statement.kind) ||
    (statement.kind === "expression" && report.test(slice(file.text, statement.range))));

/** An inspector asks anew in each part, as the one it replaces did when it was made. */
const makesInspector =
  /^\w+\s*(?::[^=]+)?=\s*(?:\w+\.)*(?:inspect|Inspector\.from_engine)\s*\(\s*[\w.]+(?:\(\))?\s*\)$/;

export function readNames(file: RevisionFile, leaves: readonly Leaf[]): Names {
  const local = new Set(
    leaves.flatMap(({ statement, frames }) => [...statement.binds, ...frames.flatMap((frame) => frame.binds)]),
  );
  const isLocal = (name: string): boolean => local.has(name);
  const binders = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    if (isReport(file, leaf)) continue;
    for (const name of new Set([...rebound(file, leaf), ...changes(leaf, isLocal), ...fills(file, leaf)]))
      binders.set(name, [...(binders.get(name) ?? []), leaf]);
  }
  const usesOf = (leaf: Leaf): readonly string[] => [
    ...leaf.statement.uses,
    ...leaf.frames.flatMap((frame) => headNames(file, frame)),
  ];
  const definitions = new Map<Leaf, readonly { readonly name: string; readonly by: Leaf }[]>();
  for (const leaf of leaves) {
    const found = [...new Set(usesOf(leaf).filter(isLocal))].flatMap((name) =>
      reaching(file, binders.get(name) ?? [], leaf, name).map((by) => ({ name, by })),
    );
    definitions.set(leaf, found);
  }
  const definitionsFor = (leaf: Leaf): readonly { readonly name: string; readonly by: Leaf }[] =>
    definitions.get(leaf) ?? [];
  const tied = new Set(leaves.filter((leaf) => !isPure(file, leaf, isLocal)));
  for (let grown = true; grown;) {
    const before = tied.size;
    for (const leaf of leaves) if (definitionsFor(leaf).some(({ by }) => tied.has(by))) tied.add(leaf);
    grown = tied.size > before;
  }
  return { definitionsFor, isRepeatable: (leaf) => !tied.has(leaf), isLocal };
}

/**
 * Of the names that a statement is said to bind or to change, those that it does more with than ask them for something:
 * `op.execute(users.update())` leaves `users` as it was.
 */
function rebound(file: RevisionFile, { statement, operations }: Leaf): readonly string[] {
  if (operations.length === 0) return statement.binds;
  const text = slice(file.text, statement.range);
  return statement.binds.filter((name) =>
    new RegExp(`(?<![\\p{L}\\p{N}_.])${name}(?![\\p{L}\\p{N}_])(?!\\s*\\.)`, "u").test(text),
  );
}

/** `metadata.reflect(connection)` asks the database, and puts the answer into the name that it is asked of. */
function fills(file: RevisionFile, { statement, operations }: Leaf): readonly string[] {
  if (operations.length === 0 || statement.kind !== "expression") return [];
  const [, name] = /^([\p{L}_][\p{L}\p{N}_]*)\s*\.\s*reflect\s*\(/u.exec(slice(file.text, statement.range)) ?? [];
  return name === undefined ? [] : [name];
}

const bindsOnly: readonly Statement["kind"][] = ["def", "class", "import", "pass", "docstring", "return", "raise"];

/** Without binding it, a statement may change what a name stands for: `names.append("x")`, `options["a"] = 1`. */
function changes({ statement, operations }: Leaf, isLocal: (name: string) => boolean): readonly string[] {
  if (operations.length > 0 || bindsOnly.includes(statement.kind)) return [];
  if (statement.kind === "assignment" && statement.binds.length > 0) return [];
  return statement.uses.filter(isLocal);
}

function isPure(file: RevisionFile, leaf: Leaf, isLocal: (name: string) => boolean): boolean {
  const { statement, operations } = leaf;
  if (operations.length > 0) return false;
  if (statement.purity === "pure" || isReport(file, leaf) || leaf.exits) return true;
  if (statement.purity === "state") return makesInspector.test(slice(file.text, statement.range));
  return changes(leaf, isLocal).length > 0;
}

/** Going back from the use: everything up to the first definition that is made in any case. */
function reaching(file: RevisionFile, binders: readonly Leaf[], use: Leaf, name: string): readonly Leaf[] {
  if (binders.length === 0 || use.frames.some((frame) => bindsInHead(file, frame, name))) return [];
  const found: Leaf[] = [];
  for (let i = binders.length - 1; i >= 0; i--) {
    const leaf = binders[i];
    if (leaf === undefined || leaf.index >= use.index || inOtherArm(leaf, use)) continue;
    found.push(leaf);
    const { statement } = leaf;
    const certain = statement.compound === undefined && leaf.frames.every((frame) => use.frames.includes(frame));
    if (certain && statement.binds.includes(name) && !statement.uses.includes(name)) break;
  }
  // In a loop a later statement of the body comes before an earlier one of the next round.
  const loops = use.frames.filter(({ kind }) => kind === "for");
  for (const leaf of binders) {
    if (leaf.index > use.index && loops.some((loop) => leaf.frames.includes(loop))) found.push(leaf);
  }
  return found;
}

/** In another arm of the same `if`: one of the two does not run. */
export const inOtherArm = (leaf: Leaf, use: Leaf): boolean =>
  leaf.frames.some(
    (frame) => frame.kind === "if" && use.frames.includes(frame) && armOf(frame, leaf) !== armOf(frame, use),
  );

const armOf = (frame: Statement, { statement }: Leaf): number =>
  (frame.compound?.blocks ?? []).findIndex(({ statements }) =>
    statements.some(({ range }) => range.start <= statement.range.start && statement.range.end <= range.end),
  );

/** Bound by `for name in …` or `with … as name`. */
function bindsInHead(file: RevisionFile, frame: Statement, name: string): boolean {
  const head = frame.compound?.head;
  if (head === undefined || !frame.binds.includes(name)) return false;
  const text = slice(file.text, head);
  const targets =
    frame.kind === "for"
      ? text.replace(/^\s*(?:async\s+)?for\b/, "").split(/\bin\b/)[0]
      : [...text.matchAll(/\bas\s+([\w, ()]+)/g)].map((found) => found[1]).join(" ");
  return new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(targets ?? "");
}
