/**
 * The four ways to state what a rule or a refactoring does with a text. Each case checks far more than it says: that
 * the fixture reads, that edits fit, that the result reads, that no revision is lost and no head is new.
 */
import { expect } from "vitest";
import { ancestors } from "../../server/src/history/path.ts";
import { appliesTo } from "../../server/src/model/applies.ts";
import type { Operation } from "../../server/src/model/revision.ts";
import { environmentFileOf } from "../../server/src/project/environment-file.ts";
import { replayOf } from "../../server/src/project/replay.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import type { Example, Offer, Part, Place, Refactoring, Result } from "../../server/src/refactorings/define.ts";
import { check, checkFile, settle, type Checked } from "../../server/src/rules/check.ts";
import { repairsIn } from "../../server/src/rules/repair.ts";
import type { Rule } from "../../server/src/rules/define.ts";
import { compareSchemas, renderDifference } from "../../server/src/schema/difference.ts";
import { defaultSettings, type Settings } from "../../server/src/settings/settings.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { range } from "../../server/src/text/range.ts";
import {
  absolute,
  assertReads,
  openFixture,
  openTexts,
  relative,
  type FixtureOptions,
  type FixtureProject,
} from "./project.ts";

export interface RuleCase extends FixtureOptions {
  readonly settings?: Settings;
}

/** A rule that is off by default is switched on. */
const settingsFor = (rule: Rule): Settings =>
  rule.recommended ? defaultSettings : { ...defaultSettings, preset: "strict" };

async function findings(
  rule: Rule,
  source: string,
  options: RuleCase,
): Promise<readonly [FixtureProject, readonly string[]]> {
  const opened = await openFixture(source, options);
  const { findings: found, failures } = checkedBy(rule, opened.project, options.settings ?? settingsFor(rule));
  expect(failures).toEqual([]);
  const lines = found.map(({ path, range: at, severity, message }) => {
    const text = opened.texts.get(path) ?? "";
    return `${relative(path)}:${at.start} ${severity} «${text.slice(at.start, at.end)}» ${message}`;
  });
  return [opened, lines];
}

/** A rule that looks at what others have found needs the others. */
const onlyOf = (rule: Rule, { findings, failures }: Checked): Checked => ({
  findings: findings.filter((finding) => finding.rule === rule.id),
  failures,
});

/** A rule that says it looks at one file only is shown no other. */
function checkedBy(rule: Rule, project: Project, settings: Settings): Checked {
  if (rule.audit) return onlyOf(rule, check(project, settings));
  if (rule.reach !== "file") return check(project, settings, [rule]);
  const refuse = (): never => {
    throw new Error(`${rule.id} looks beyond its file, and says that it does not`);
  };
  const secluded = Object.defineProperties({ ...project }, { files: { get: refuse }, history: { get: refuse } });
  const all = [...project.files.keys()].sort().flatMap((path) => project.files.get(path) ?? []);
  const checked = all.map((file) => checkFile(secluded, file, settings, [rule]));
  return {
    findings: settle(
      checked.flatMap((one) => one.findings),
      [rule],
    ),
    failures: checked.flatMap((one) => one.failures),
  };
}

/** The rule finds exactly what the fixture marks: the places, the severities, the whole messages; `*` is any message. */
export async function flags(rule: Rule, source: string, options: RuleCase = {}): Promise<void> {
  const [{ fixture, texts }, found] = await findings(rule, source, options);
  if (fixture.expected.length === 0) throw new Error("the fixture marks nothing; use `allows` for what is not found");
  const expected = fixture.expected.map(({ path, start, end, severity, message }) => {
    const text = texts.get(absolute(path)) ?? "";
    return `${path}:${start} ${severity} «${text.slice(start, end)}» ${message}`;
  });
  const anyMessage = found.map((line, index) =>
    expected[index]?.endsWith("» *") === true ? line.replace(/» .*$/, "» *") : line,
  );
  expect(anyMessage).toEqual(expected);
}

/** A line of a fixture with the part of it marked that a rule finds: `warning: message`, or `warning: *`. */
export const marked = (line: string, part: string, says: string): string =>
  `${line}\n${" ".repeat(line.indexOf(part))}${"^".repeat(part.length)} ${says}\n`;

/** What the rule says of the fixture, for tests that compare it themselves. */
export async function findsIn(rule: Rule, source: string, options: RuleCase = {}): Promise<readonly string[]> {
  return (await findings(rule, source, options))[1];
}

/** The messages only, for tests that are about their words. */
export const says = async (rule: Rule, source: string, options: RuleCase = {}): Promise<readonly string[]> =>
  (await findings(rule, source, options))[1].map((line) => line.slice(line.lastIndexOf("» ") + 2));

/** The rule is silent. */
export async function allows(rule: Rule, source: string, options: RuleCase = {}): Promise<void> {
  const [{ fixture }, found] = await findings(rule, source, options);
  if (fixture.expected.length > 0) throw new Error("the fixture marks findings; use `flags`");
  expect(found).toEqual([]);
}

/**
 * The rule finds something that it can put right, and does: the marked file (the one that it finds something in first) is
 * then `after`, a body of `upgrade()` or a whole file; nothing is found any more, and the result reads.
 */
export async function fixes(rule: Rule, source: string, after: string, options: RuleCase = {}): Promise<void> {
  const settings = options.settings ?? settingsFor(rule);
  const { project, texts } = await openFixture(source, options);
  const repaired = new Map(texts);
  for (const file of project.files.values()) {
    const edits = repairsIn(project, file, settings, undefined, [rule]).flatMap((one) => one.edits);
    if (edits.length > 0) repaired.set(file.path, applyEdits(file.text, edits));
  }
  const [changedPath] = [...repaired.keys()].filter((path) => repaired.get(path) !== texts.get(path));
  if (changedPath === undefined) throw new Error(`${rule.id} repairs nothing here`);
  const fixed = await openTexts(repaired);
  if (options.broken !== true) assertReads(fixed);
  const file = fixed.files.get(changedPath);
  const body = file?.upgrades[0]?.body;
  const text = file?.text ?? "";
  const shown =
    /^\s*(?:"""|import|from|revision)/.test(after) || !body ? text : dedented(text.slice(body.start, body.end));
  expect(shown.trim()).toBe(after.trim());
  expect(check(fixed, settings, [rule]).findings).toEqual([]);
}

const dedented = (text: string): string => text.replace(/^ {4}/gm, "");

/** The rule finds something that it cannot put right. */
export async function leaves(rule: Rule, source: string, options: RuleCase = {}): Promise<void> {
  const settings = options.settings ?? settingsFor(rule);
  const { project } = await openFixture(source, options);
  expect(check(project, settings, [rule]).findings).not.toEqual([]);
  const files = [...project.files.values()];
  expect(files.flatMap((file) => repairsIn(project, file, settings, undefined, [rule]))).toEqual([]);
}

export interface RefactoringCase extends FixtureOptions {
  /** The file to refactor, relative; where the fixture has no cursor: the last member. */
  readonly file?: string;
  /** Where the fixture has no cursor: at the name of which function; default `upgrade`. */
  readonly cursor?: "upgrade" | "downgrade";
  /** Files that git's default branch has, relative; absent: git cannot tell. */
  readonly published?: readonly string[];
}

export interface Refactored {
  readonly title: string;
  readonly result: Result;
  readonly parts: readonly Part[];
  /** Every text of the project after the change, by path relative to the project (`versions/0002_x.py`). */
  readonly files: ReadonlyMap<string, string>;
  /** The same before it. */
  readonly original: ReadonlyMap<string, string>;
  readonly before: Project;
  readonly after: Project;
}

async function place(source: string, options: RefactoringCase): Promise<readonly [FixtureProject, Place]> {
  const opened = await openFixture(source, options);
  const { cursor, files } = opened.fixture;
  const path = cursor?.path ?? options.file ?? [...files.keys()].filter((name) => name.endsWith(".py")).at(-1) ?? "";
  const { project } = opened;
  const file = path === "env.py" ? environmentFileOf(project) : project.files.get(absolute(path));
  if (file === undefined) throw new Error(`the fixture has no revision file ${path}`);
  const [direction] = options.cursor === "downgrade" ? file.downgrades : file.upgrades;
  const offset = cursor?.offset ?? direction?.nameRange?.start ?? 0;
  const published = options.published && new Set(options.published.map(absolute));
  const at = { project: opened.project, file, range: range(offset, cursor?.end ?? offset) };
  return [opened, { ...at, ...(published && { published }) }];
}

/** The texts after the change. Overlapping edits, edits outside a file and files created twice throw. */
function changed(texts: ReadonlyMap<string, string>, { change }: Result): ReadonlyMap<string, string> {
  const after = new Map(texts);
  for (const { path, text } of change.create) {
    if (after.has(path)) throw new Error(`${path} is created, but exists`);
    after.set(path, text);
  }
  const edited = new Set<string>();
  for (const { path, edits } of change.edit) {
    const text = after.get(path);
    if (text === undefined) throw new Error(`${path} is edited, but does not exist`);
    if (edited.has(path)) throw new Error(`${path} is edited twice`);
    edited.add(path);
    after.set(path, applyEdits(text, edits));
  }
  return after;
}

const signature = ({ kind, table, name, columns, sql }: Operation): string =>
  [kind, table?.schema ?? "", table?.name ?? "", name ?? "", columns.join(","), (sql ?? "").replace(/\s+/g, " ")].join(
    "|",
  );

const byRelativePath = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...texts].map(([path, text]) => [relative(path), text]));

/** What all upgrades together do to schema and rows, without regard to order. */
const changesOf = (project: Project): readonly string[] =>
  [...project.files.values()]
    .flatMap((file) => file.upgrades.flatMap((upgrade) => upgrade.operations))
    // What a helper does on another dialect goes with each of its calls, as of a context manager that is opened twice.
    .filter((operation) => operation.calls.length === 0 || appliesTo(operation, project.config.dialect))
    .filter((operation) => operation.effect === "schema" || operation.effect === "data" || operation.kind === "opaque")
    .map(signature)
    .sort();

function assertKeepsHistory(before: Project, after: Project, joinsHeads: boolean): void {
  const ids = [...after.history.revisions.keys()];
  expect(ids, "a revision is lost").toEqual(expect.arrayContaining([...before.history.revisions.keys()]));
  const [old, now] = [before.history.heads, after.history.heads].map((heads) => [...heads].sort());
  if (joinsHeads) {
    expect(now?.length, "no head has gone").toBeLessThan(old?.length ?? 0);
    const reached = new Set(after.history.heads.flatMap((head) => [head, ...ancestors(after.history, head)]));
    expect(
      old?.filter((head) => !reached.has(head)),
      "a head is no longer reached",
    ).toEqual([]);
  } else expect(now, "heads have changed").toEqual(old);
  expect([...after.history.bases].length, "bases have changed").toBe(before.history.bases.length);
  expect(after.history.problems, "the history is broken").toEqual(before.history.problems);
}

/** The replay before and after ends in the same schema; what could not be told before may stay so. */
function assertKeepsSchema(before: Project, after: Project): void {
  const [old, now] = [before, after].map((project) => replayOf(project).at(project.history.heads));
  if (!old || !now) throw new Error("nothing was replayed");
  const { differences } = compareSchemas(old, now);
  expect(differences.map(renderDifference), "the schema has changed").toEqual([]);
  const known = new Set(compareSchemas(old, old).doubts);
  expect(compareSchemas(now, now).doubts.filter((doubt) => !known.has(doubt))).toEqual([]);
}

/** The fixture of a refactoring's example. */
export const exampleSource = ({ given, file, before }: Example): string =>
  `${given === undefined ? "" : `-- versions/0001_given.py --\n${given}`}-- ${file ?? "versions/0002_case.py"} --\n${before}`;

/** From the first function on. */
export const functionsOf = (text: string): string => text.slice(text.search(/^def /m));

/** As much of a part as its example shows: its functions, or all of it. */
export const asShown = (text: string, shown: string): string => (/^def /.test(shown) ? functionsOf(text) : text);

type Watcher = (refactoring: Refactoring, made: Refactored) => void;
const watchers: Watcher[] = [];

/** Tells of everything that is made from now on, once it has proved sound. */
export function watchRefactored(watcher: Watcher): void {
  watchers.push(watcher);
}

/**
 * Applies the refactoring at the cursor (or to the last member) and returns what it made, once it has proved sound:
 * the edits fit, the result reads, no revision is lost, no head is new, and every operation of the upgrades is there
 * exactly once.
 */
export async function refactors<Plan>(
  refactoring: Refactoring<Plan>,
  source: string,
  options: RefactoringCase = {},
): Promise<Refactored> {
  const [opened, at] = await place(source, options);
  return refactorsAt(refactoring, opened, at, options);
}

/** The same at a place of an open project. */
export async function refactorsAt<Plan>(
  refactoring: Refactoring<Plan>,
  { project, texts }: Pick<FixtureProject, "project" | "texts">,
  at: Place,
  options: RefactoringCase = {},
): Promise<Refactored> {
  const offer: Offer<Plan> = refactoring.plan(at);
  if (offer === undefined) throw new Error(`${refactoring.id} is not offered here`);
  if ("unavailable" in offer) throw new Error(`${refactoring.id} is refused: ${offer.unavailable}`);
  const result = refactoring.apply(at, offer.plan);
  const texts2 = changed(texts, result);
  const after = await openTexts(texts2);
  if (options.broken !== true) assertReads(after);
  assertKeepsHistory(project, after, refactoring.joinsHeads === true);
  if (refactoring.keepsOperations)
    expect(changesOf(after), "operations are lost or doubled").toEqual(changesOf(project));
  if (refactoring.keepsSchema) assertKeepsSchema(project, after);
  for (const part of result.parts)
    expect(texts2.get(part.path), `the part ${part.path} is not what is written`).toBe(part.text);
  const made = { title: offer.title, result, parts: result.parts, before: project, after };
  const all = { ...made, files: byRelativePath(texts2), original: byRelativePath(texts) };
  for (const tell of watchers) tell(refactoring as Refactoring, all);
  return all;
}

/** The refactoring would be offered but says why it cannot be right; the reason is one sentence that matches. */
export async function refuses<Plan>(
  refactoring: Refactoring<Plan>,
  source: string,
  reason: string | RegExp,
  options: RefactoringCase = {},
): Promise<void> {
  const [, at] = await place(source, options);
  const offer = refactoring.plan(at);
  if (offer === undefined || !("unavailable" in offer)) throw new Error(`${refactoring.id} is not refused here`);
  expect(offer.unavailable).toMatch(reason);
}

/** The refactoring has nothing to offer at this place. */
export async function ignores<Plan>(
  refactoring: Refactoring<Plan>,
  source: string,
  options: RefactoringCase = {},
): Promise<void> {
  const [, at] = await place(source, options);
  expect(refactoring.plan(at)).toBeUndefined();
}
