/** The one door to the rules: both the language server and the command line come in here. */
import { watch, type Inquiry } from "../facts/inquiry.ts";
import { judgedIn, type Judged } from "../facts/judged.ts";
import type { Direction, RevisionFile } from "../model/revision.ts";
import type { Project, ProjectConfig } from "../project/snapshot.ts";
import { renderStake, stakesOf, tablesOf } from "../project/stakes.ts";
import { overlaps, type Range } from "../text/range.ts";
import { isIgnored, settingsAt, variantsOf } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { Found, Options, OptionValues, Related, Rule, Severity, Subject } from "./define.ts";
import { rules as allRules } from "./index.ts";
import { findSuppressions, readSuppressions } from "./suppression.ts";

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  /** The file's revision id, where it has one. */
  readonly revision?: string;
  readonly range: Range;
  readonly related: readonly Related[];
  /** Ids of the refactorings that repair it, whether or not they can be made here. */
  readonly refactorings: readonly string[];
  /** The function that it is about; absent where it is about neither. */
  readonly direction?: Direction["name"];
  /** A comment in the file allows it: not to be shown, see `settle`. */
  readonly allowed?: true;
}

/** A rule that broke on a file: a defect of the rule, to be logged; the other rules have gone on. */
export interface RuleFailure {
  readonly rule: string;
  readonly path: string;
  readonly error: unknown;
}

export interface Checked {
  /** By path, then by place. */
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
}

interface Enabled {
  readonly rule: Rule;
  readonly severity: Severity;
  /** The severity is somebody's choice, not the rule's. */
  readonly isChosen: boolean;
  readonly options: OptionValues<Options>;
}

const isInPreset = (rule: Rule, { preset }: Settings): boolean =>
  preset === "strict" || (preset === "recommended" && rule.recommended);

type EnabledBySettings = WeakMap<Settings, readonly Enabled[]>;

/** By what it is made from, which most files of a project share. */
const enabledBy = new WeakMap<readonly Rule[], WeakMap<ProjectConfig, EnabledBySettings>>();

/** The rules that the settings leave on for a project of this dialect, each with its severity and options. */
export function enabledRules(
  project: Project,
  settings: Settings,
  rules: readonly Rule[] = allRules,
): readonly Enabled[] {
  const byConfig = enabledBy.get(rules) ?? new WeakMap<ProjectConfig, EnabledBySettings>();
  enabledBy.set(rules, byConfig);
  const bySettings: EnabledBySettings = byConfig.get(project.config) ?? new WeakMap<Settings, readonly Enabled[]>();
  byConfig.set(project.config, bySettings);
  const enabled = bySettings.get(settings) ?? findEnabled(project, settings, rules);
  bySettings.set(settings, enabled);
  return enabled;
}

function findEnabled(project: Project, settings: Settings, rules: readonly Rule[]): readonly Enabled[] {
  return rules.flatMap((rule) => {
    if (rule.dialects !== undefined && !rule.dialects.includes(project.config.dialect)) return [];
    const chosen = settings.rules[rule.id];
    const severity = chosen?.severity ?? (isInPreset(rule, settings) ? rule.severity : "off");
    if (severity === "off") return [];
    const defaults = Object.entries(rule.options).map(([name, { default: value }]) => [name, value] as const);
    const options = { ...Object.fromEntries(defaults), ...chosen?.options };
    return [{ rule, severity, isChosen: chosen?.severity !== undefined, options }];
  });
}

/** Each upgrade with the downgrade of the same engine. What rules share is worked out once, when a rule first asks. */
export const subjectsOf = (file: RevisionFile, project: Project, { postgresqlVersion }: Settings): readonly Subject[] =>
  file.upgrades.map((upgrade) => {
    const downgrade = file.downgrades.find((one) => one.engine === upgrade.engine);
    const versions = postgresqlVersion === undefined ? undefined : [postgresqlVersion];
    let judged: readonly Judged[] | undefined;
    return {
      file,
      upgrade,
      downgrade,
      project,
      ...(versions && { versions }),
      get judged() {
        const directions = downgrade === undefined ? [upgrade] : [upgrade, downgrade];
        return (judged ??= directions.flatMap((direction) => judgedIn(project, file, direction, versions)));
      },
    };
  });

/** A severity that a person has chosen counts for both directions. */
function severityOf({ direction }: Found, { severity, isChosen }: Enabled): Severity {
  if (direction !== "downgrade" || isChosen || severity === "information") return severity;
  return severity === "error" ? "warning" : "information";
}

function toFinding(found: Found, enabled: Enabled, path: string, revision: string | undefined): Finding {
  const { rule } = enabled;
  return {
    rule: rule.id,
    severity: severityOf(found, enabled),
    message: rule.message(found),
    path,
    ...(revision === undefined ? {} : { revision }),
    range: found.at,
    related: found.related ?? [],
    refactorings: rule.refactorings ?? [],
    ...(found.direction && { direction: found.direction }),
  };
}

/** Where the harm grows with the table: how large those are that the operations at this place are about. */
function renderStakes({ at }: Found, { group }: Rule, { upgrade, downgrade, project }: Subject): string {
  const { statistics } = project.config;
  if (statistics === undefined || (group !== "locking" && group !== "data-loss")) return "";
  const stakes = [upgrade, ...(downgrade ? [downgrade] : [])].flatMap((direction) => {
    const there = direction.operations.filter(({ nameRange }) => nameRange.start === at.start);
    return stakesOf(there.flatMap(tablesOf), direction, statistics);
  });
  return stakes.length === 0 ? "" : ` At stake: ${stakes.map(renderStake).join("; ")}.`;
}

function withStakes(finding: Finding, found: Found, rule: Rule, subject: Subject): Finding {
  const stakes = renderStakes(found, rule, subject);
  return stakes === "" ? finding : { ...finding, message: finding.message + stakes };
}

/** What a rule says several times of one place, as of a statement in a loop, is one finding. */
function mergePlaces(findings: readonly Finding[]): readonly Finding[] {
  const byRange = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.path}:${finding.range.start}-${finding.range.end}`;
    const known = byRange.get(key);
    if (known === undefined) byRange.set(key, finding);
    else if (known.message !== finding.message) byRange.set(key, withRelated(known, finding));
  }
  return [...byRange.values()];
}

function withRelated(finding: Finding, { range, message, related }: Finding): Finding {
  const more = [{ range, message }, ...related].filter(
    (one) => !finding.related.some((known) => known.message === one.message && known.range.start === one.range.start),
  );
  return { ...finding, related: [...finding.related, ...more] };
}

/**
 * One cause, one finding: where a more specific rule speaks of the same place, the others become its related
 * information. What a comment allows goes, with what was told beside it. Of findings of one file or of several.
 */
export function settle(findings: readonly Finding[], rules: readonly Rule[] = allRules): readonly Finding[] {
  const yields = new Map(rules.map(({ id, yieldsTo }) => [id, yieldsTo ?? []]));
  const speakerOf = (finding: Finding, seen: readonly Finding[] = []): Finding => {
    const before = yields.get(finding.rule) ?? [];
    if (before.length === 0) return finding;
    const speaker = findings.find(
      (other) =>
        before.includes(other.rule) &&
        !seen.includes(other) &&
        other.path === finding.path &&
        overlaps(other.range, finding.range),
    );
    return speaker ? speakerOf(speaker, [...seen, finding]) : finding;
  };
  const told = new Map<Finding, Finding>();
  for (const finding of findings) {
    const speaker = speakerOf(finding);
    const known = told.get(speaker) ?? speaker;
    told.set(speaker, speaker === finding ? known : withRelated(known, finding));
  }
  return findings.flatMap((finding) => {
    const whole = told.get(finding);
    return whole && !finding.allowed ? [whole] : [];
  });
}

/**
 * What is to be told of one revision, of all that was found in it, by the rules that look at single revisions and by
 * those that look at the project. Only here it is known which comments allow nothing.
 */
export function settleFile(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  checked: readonly Checked[],
  rules: readonly Rule[] = allRules,
): readonly Finding[] {
  const found = checked.flatMap(({ findings }) => findings.filter(({ path }) => path === file.path));
  const failed = checked.flatMap(({ failures }) => failures.map(({ rule }) => rule));
  return settle([...found, ...audit(project, file, settings, { findings: found, failed }, rules)].sort(byPlace), rules);
}

const audit = (
  project: Project,
  file: RevisionFile,
  settings: Settings,
  all: Pick<Checked, "findings"> & { readonly failed: readonly string[] },
  rules: readonly Rule[],
): readonly Finding[] => {
  const allowedBy = readSuppressions(file);
  return auditsIn(project, file, settings, all, rules).map(({ enabled, found }) =>
    withAllowance(toFinding(found, enabled, file.path, file.identifiers.revision?.value), allowedBy),
  );
};

/**
 * What rules find in the comments of a file, of all that was found in it otherwise and the rules that failed on it.
 * Half-typed code has fewer findings than it will have: nothing is said of its comments.
 */
export function auditsIn(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  { findings, failed }: Pick<Checked, "findings"> & { readonly failed: readonly string[] },
  rules: readonly Rule[] = allRules,
): readonly { readonly enabled: Enabled; readonly found: Found }[] {
  const path = pathInProject(file.path, project);
  if (!file.isRevision || file.stale || file.problems.length > 0 || isIgnored(path, settings)) return [];
  const suppressions = findSuppressions(file);
  if (suppressions.length === 0) return [];
  const allowedBy = readSuppressions(file);
  const uses = findings.flatMap(({ rule, range }) =>
    allowedBy(rule, range).map((one) => [one.range.start, rule] as const),
  );
  const used = suppressions.map((suppression) => ({
    suppression,
    used: new Set(uses.flatMap(([start, rule]) => (start === suppression.range.start ? [rule] : []))),
  }));
  const enabled = enabledRules(project, settingsAt(settings, path), rules);
  const ran = new Set(enabled.map(({ rule }) => rule.id).filter((id) => !failed.includes(id)));
  const known = allRules.map(({ id }) => id);
  return enabled.flatMap((one) =>
    [...(one.rule.audit?.(used, { known, ran }) ?? [])].map((found) => ({ enabled: one, found })),
  );
}

const nothing: Checked = { findings: [], failures: [] };

export const pathInProject = (path: string, { config }: Project): string =>
  path.startsWith(`${config.root}/`) ? path.slice(config.root.length + 1) : path;

/** What was found in a file, with all that was asked of the rest of the project for it. */
export interface CheckedFile extends Checked {
  readonly inquiries: readonly Inquiry[];
}

/** What is found stands as long as the file, the config, the settings and the answers to the inquiries do. */
export function checkFileWatched(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  rules: readonly Rule[],
): CheckedFile {
  const watched = watch(project);
  const { findings, failures } = checkShown(watched.project, file, settings, rules);
  return { findings, failures, inquiries: watched.inquiries() };
}

/**
 * Checks one file of the project by the rules that look at revisions. Helper modules beside the revisions, and files that
 * the settings ignore, have nothing to find. What it finds is to be settled with what other rules find: see `settle`.
 */
export const checkFile = (
  project: Project,
  file: RevisionFile,
  settings: Settings,
  rules: readonly Rule[] = allRules,
): Checked => checkShown(watch(project).project, file, settings, rules);

function checkShown(project: Project, file: RevisionFile, settings: Settings, rules: readonly Rule[]): Checked {
  const path = pathInProject(file.path, project);
  if (!file.isRevision || isIgnored(path, settings)) return nothing;
  const allowedBy = readSuppressions(file);
  const subjects = subjectsOf(file, project, settings);
  const findings: Finding[] = [];
  const failures: RuleFailure[] = [];
  for (const enabled of enabledRules(project, settingsAt(settings, path), rules)) {
    try {
      const revision = file.identifiers.revision?.value;
      const made = subjects.flatMap((subject) =>
        [...(enabled.rule.detect?.(subject, enabled.options) ?? [])].map((one) =>
          withStakes(toFinding(one, enabled, file.path, revision), one, enabled.rule, subject),
        ),
      );
      findings.push(...mergePlaces(made).map((one) => withAllowance(one, allowedBy)));
    } catch (error) {
      failures.push({ rule: enabled.rule.id, path: file.path, error });
    }
  }
  findings.sort(byPlace);
  return { findings, failures };
}

const withAllowance = (finding: Finding, allowedBy: ReturnType<typeof readSuppressions>): Finding =>
  allowedBy(finding.rule, finding.range).length > 0 ? { ...finding, allowed: true } : finding;

/** Checks the project as a whole: its history, env.py and config. */
export function checkProject(project: Project, settings: Settings, rules: readonly Rule[] = allRules): Checked {
  const findings: Finding[] = [];
  const failures: RuleFailure[] = [];
  for (const rule of rules) {
    // It is on for all files or for some; which of them it has found something in is seen afterwards.
    const [running] = variantsOf(settings).flatMap((one) => enabledRules(project, one, [rule]));
    if (running === undefined || rule.inspect === undefined) continue;
    try {
      for (const found of rule.inspect(project, running.options)) {
        const path = pathInProject(found.path, project);
        const [enabled] = enabledRules(project, settingsAt(settings, path), [rule]);
        if (enabled === undefined || isIgnored(path, settings)) continue;
        const file = project.files.get(found.path);
        const finding = toFinding(found, enabled, found.path, file?.identifiers.revision?.value);
        findings.push(file ? withAllowance(finding, readSuppressions(file)) : finding);
      }
    } catch (error) {
      failures.push({ rule: rule.id, path: project.config.root, error });
    }
  }
  return { findings: mergePlaces(findings), failures };
}

export function groupByPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const grouped = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = grouped.get(finding.path);
    if (known) known.push(finding);
    else grouped.set(finding.path, [finding]);
  }
  return grouped;
}

/** The order of a file's findings. */
export const byPlace = (a: Finding, b: Finding): number =>
  a.range.start - b.range.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);

/** Checks the project and every revision file of it. A rule that throws is reported in `failures`; it stops nothing. */
export function check(project: Project, settings: Settings, rules: readonly Rule[] = allRules): Checked {
  const whole = checkProject(project, settings, rules);
  const outside = whole.findings.filter(({ path }) => !project.files.has(path));
  const checked = [...project.files.values()].map((file) => {
    const own = checkFile(project, file, settings, rules);
    return { own, findings: settleFile(project, file, settings, [whole, own], rules) };
  });
  const findings = [...settle(outside.sort(byPlace), rules), ...checked.flatMap((one) => one.findings)];
  return {
    // Of one file they are in order already, and stay so.
    findings: findings.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    failures: [whole, ...checked.map(({ own }) => own)].flatMap((one) => one.failures),
  };
}
