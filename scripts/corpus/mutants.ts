/** Breaks the corpus' files in the ways in which typing breaks them, and counts what the reader makes of it. */
import fc from "fast-check";
import { readHalfTyped } from "../../server/src/model/half-typed.ts";
import { readRevision } from "../../server/src/model/read.ts";
import type { Direction, Operation, RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { checkFile } from "../../server/src/rules/check.ts";
import { defaultSettings, type Settings } from "../../server/src/settings/settings.ts";
import { follow } from "../../server/src/syntax/follow.ts";
import type { Range } from "../../server/src/text/range.ts";
import { findMisreading } from "./plain.ts";
import { mutate, type Mutation, type MutationKind, mutationKinds, mutations } from "./mutate.ts";

export interface MutantCounts {
  mutants: number;
  /** No Python any more. */
  broken: number;
  /** Functions `upgrade` and `downgrade` whose head is still there, and how many of them were found. */
  functions: number;
  found: number;
  /** Functions that are not broken themselves, and in how many of them a finding appeared or vanished. */
  others: number;
  changed: number;
  /** The same, of those that use what is broken: a helper, an import, a constant. */
  users: number;
  usersChanged: number;
  /** In how many mutants something flickered for an editor that had the original before. */
  flickered: number;
}

export interface MutantFault {
  readonly path: string;
  readonly kind: MutationKind;
  readonly at: number;
  readonly what: string;
}

export interface Mutants {
  readonly counts: ReadonlyMap<MutationKind, MutantCounts>;
  /** Whatever must never be: a crash, a flicker, a change in a function that has nothing to do with what is broken. */
  readonly faults: readonly MutantFault[];
}

/**
 * One rule that looks at one function at a time. What others say of a function may rest on other blocks: whether the downgrade
 * is the inverse of the upgrade, whether the header is true, whether a name is imported.
 */
const settings: Settings = {
  ...defaultSettings,
  preset: "off",
  rules: { "mixed-schema-and-data": { severity: "warning", options: { downgrade: true } } },
};

interface Original {
  readonly project: Project;
  readonly file: RevisionFile;
}

/** Makes so many mutants, of every kind as many; the same seed makes the same ones. */
export function measureMutants(projects: readonly Project[], number: number, seed: number): Mutants {
  const originals = projects.flatMap((project) =>
    [...project.files.values()]
      .filter(({ isRevision, problems }) => isRevision && problems.length === 0)
      .map(({ path, text }): Original => {
        return { project, file: readRevision(path, text, { dialect: project.config.dialect }) };
      }),
  );
  const counts = new Map(mutationKinds.map((kind) => [kind, noCounts()]));
  const faults: MutantFault[] = [];
  const choices = fc.tuple(fc.nat(originals.length - 1), fc.nat());
  for (const [i, [file, place]] of fc.sample(choices, { numRuns: number, seed }).entries()) {
    const kind = mutationKinds[i % mutationKinds.length] ?? "bracket";
    const original = originals[file];
    const places = original ? mutations[kind](original.file.text) : [];
    const mutation = places[place % places.length];
    const count = counts.get(kind);
    if (!original || !mutation || !count) continue;
    try {
      for (const what of judge(original, mutation, count)) faults.push(fault(original, kind, mutation, what));
    } catch (error) {
      faults.push(fault(original, kind, mutation, error instanceof Error ? (error.stack ?? "") : String(error)));
    }
  }
  return { counts, faults };
}

const noCounts = (): MutantCounts => ({
  mutants: 0,
  broken: 0,
  functions: 0,
  found: 0,
  others: 0,
  changed: 0,
  users: 0,
  usersChanged: 0,
  flickered: 0,
});

const fault = ({ file }: Original, kind: MutationKind, { at }: Mutation, what: string): MutantFault => ({
  path: file.path,
  kind,
  at,
  what,
});

function* judge({ project, file }: Original, mutation: Mutation, count: MutantCounts): Iterable<string> {
  const options = { dialect: project.config.dialect };
  const text = mutate(file.text, mutation);
  const alone = readRevision(file.path, text, options);
  const isBroken = alone.problems.some(({ code }) => code === "syntax");
  count.mutants++;
  if (isBroken) count.broken++;
  for (const before of directions(file)) {
    if (!before.head || loses(mutation, before.head)) continue;
    count.functions++;
    if (directionLike(before, alone)) count.found++;
  }
  const misreading = findMisreading(text);
  if (misreading !== undefined) yield misreading;
  if (!isBroken) return;
  yield* judgeAlone({ project, file }, alone, mutation, count);
  const typed = readHalfTyped(file.path, follow(text, follow(file.text)), options, file).file;
  const flickers = [...findFlickers({ project, file }, typed, mutation)];
  if (flickers.length > 0) count.flickered++;
  yield* flickers;
}

const directions = (file: RevisionFile): readonly Direction[] =>
  [...file.upgrades, ...file.downgrades].filter(({ form }) => form !== "absent");

const directionLike = ({ name, engine }: Direction, file: RevisionFile): Direction | undefined =>
  directions(file).find((one) => one.name === name && one.engine === engine);

/** The line of its `def` was taken away, or is not there yet. */
const loses = ({ at, removed }: Mutation, head: Range): boolean =>
  removed > 3 && at < head.end && at + removed > head.start;

/** The range in the mutant; undefined where a part of it was replaced. */
function place({ start, end }: Range, { at, removed, inserted }: Mutation): Range | undefined {
  if (end <= at) return { start, end };
  if (start < at + removed) return undefined;
  const shift = inserted.length - removed;
  return { start: start + shift, end: end + shift };
}

/** What is found outside of the broken block is found all the same, where the file is read for the first time. */
function* judgeAlone(
  { project, file }: Original,
  alone: RevisionFile,
  mutation: Mutation,
  count: MutantCounts,
): Iterable<string> {
  const broken = file.module.filter(
    ({ lines }) => lines.start <= mutation.at + mutation.removed && mutation.at < lines.end,
  );
  const names = new Set(broken.flatMap(({ binds }) => binds));
  // Without it there is no revision to find anything in.
  if (names.has("revision")) names.add("*");
  const findings = (of: RevisionFile, within: Direction, move: (range: Range) => Range | undefined): string =>
    checkFile(project, of, settings)
      .findings.filter(({ range }) => holds(within.body, range))
      .map(({ rule, range }) => JSON.stringify([rule, move(range)]))
      .join();
  for (const before of directions(file)) {
    const { nameRange } = before;
    if (!nameRange || broken.some(({ range }) => holds(range, nameRange)) || loses(mutation, nameRange)) continue;
    const after = directionLike(before, alone);
    const isChanged =
      after === undefined ||
      findings(alone, after, (range) => range) !== findings(file, before, (range) => place(range, mutation));
    if (uses(file, before, names)) {
      count.users++;
      if (isChanged) count.usersChanged++;
    } else {
      count.others++;
      if (isChanged) count.changed++;
      if (isChanged) yield `the findings of ${before.name}() have changed, which does not use what is broken`;
    }
  }
}

const holds = (outer: Range | undefined, inner: Range): boolean =>
  outer !== undefined && outer.start <= inner.start && inner.end <= outer.end;

/** Whether the function uses one of the names, itself or through what it uses. */
function uses(file: RevisionFile, { nameRange }: Direction, names: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  const open = file.module.filter(({ range }) => nameRange !== undefined && holds(range, nameRange));
  for (let item = open.pop(); item; item = open.pop()) {
    for (const name of item.uses) {
      if (names.has(name)) return true;
      if (!seen.has(name)) open.push(...file.module.filter(({ binds }) => binds.includes(name)));
      seen.add(name);
    }
  }
  return names.has("*");
}

/** What an editor showed of the original stands where it stood, as far as its place is still there; nothing is new. */
function* findFlickers({ project, file }: Original, typed: RevisionFile, mutation: Mutation): Iterable<string> {
  const show = ({ kind, table, confidence }: Operation, range: Range | undefined): string =>
    JSON.stringify([kind, table?.name, confidence, range]);
  const before = directions(file)
    .filter(({ nameRange }) => nameRange && place(nameRange, mutation))
    .flatMap(({ operations }) => operations);
  const after = directions(typed).flatMap(({ operations }) => operations);
  for (const { range, nameRange } of after)
    if (![range, nameRange].every((one) => one.start <= one.end && holds({ start: 0, end: typed.text.length }, one)))
      yield "an operation has a place outside of the file";
  if (!typed.stale) return;
  const expected = before.map((one) => ({ one, range: place(one.nameRange, mutation) }));
  const left = new Set(after.map((one) => show(one, one.nameRange)));
  const lost = expected.find(({ one, range }) => range && !left.has(show(one, range)));
  if (lost) yield `${lost.one.kind} at ${String(lost.one.nameRange.start)} is lost while the file is typed in`;
  if (after.length > before.length) yield "an operation is new while the file is broken";
  const findings = (of: RevisionFile): readonly Range[] =>
    checkFile(project, of, settings).findings.map((one) => one.range);
  const places = new Set(findings(typed).map((range) => JSON.stringify(range)));
  const isWhole = directions(file).every(({ nameRange }) => nameRange && place(nameRange, mutation));
  if (isWhole && expected.every(({ range }) => range))
    for (const range of findings(file))
      if (!places.has(JSON.stringify(place(range, mutation)))) yield "a finding is lost while the file is typed in";
}

const leastFound = 0.99;

/** Whether the rates are as good as they have to be. */
export const areGood = ({ counts, faults }: Mutants): boolean => {
  const all = [...counts.values()];
  const sum = (key: keyof MutantCounts): number => all.reduce((total, one) => total + one[key], 0);
  return faults.length === 0 && sum("found") >= leastFound * sum("functions");
};

const shownFaults = 20;

export function renderMutants({ counts, faults }: Mutants): string {
  const rate = (part: number, whole: number): string =>
    whole === 0 ? "-" : `${((100 * part) / whole).toFixed(2)} % of ${whole.toLocaleString("en")}`;
  const rows = [...counts].map(([kind, one]) => [
    kind,
    one.mutants.toLocaleString("en"),
    one.broken.toLocaleString("en"),
    rate(one.found, one.functions),
    rate(one.changed, one.others),
    rate(one.usersChanged, one.users),
    rate(one.flickered, one.broken),
  ]);
  const head = ["mutation", "mutants", "not Python", "functions found", "others changed", "users changed", "flickers"];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    line(head),
    ...rows.map(line),
    ...faults
      .slice(0, shownFaults)
      .map(({ path, kind, at, what }) => `FAULT (${kind} at ${String(at)} of ${path}): ${what}`),
    `${faults.length.toLocaleString("en")} faults`,
    "",
  ].join("\n");
}
