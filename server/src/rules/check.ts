/** The one door to the rules: both the language server and the command line come in here. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import type { Range } from "../text/range.ts";
import { isIgnored } from "../settings/ignore.ts";
import type { Settings } from "../settings/settings.ts";
import type { Found, Options, OptionValues, Related, Rule, Severity, Subject } from "./define.ts";
import { rules as allRules } from "./index.ts";
import { readSuppressions } from "./suppression.ts";

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
  readonly options: OptionValues<Options>;
}

const isInPreset = (rule: Rule, { preset }: Settings): boolean =>
  preset === "all" || (preset === "recommended" && rule.recommended);

/** The rules that the settings leave on for a project of this dialect, each with its severity and options. */
export function enabledRules(
  project: Project,
  settings: Settings,
  rules: readonly Rule[] = allRules,
): readonly Enabled[] {
  return rules.flatMap((rule) => {
    if (rule.dialects !== undefined && !rule.dialects.includes(project.config.dialect)) return [];
    const chosen = settings.rules[rule.id];
    const severity = chosen?.severity ?? (isInPreset(rule, settings) ? rule.severity : "off");
    if (severity === "off") return [];
    const defaults = Object.entries(rule.options).map(([name, { default: value }]) => [name, value] as const);
    const options = { ...Object.fromEntries(defaults), ...chosen?.options };
    return [{ rule, severity, options }];
  });
}

/** Each upgrade with the downgrade of the same engine. */
const subjectsOf = (file: RevisionFile, project: Project): readonly Subject[] =>
  file.upgrades.map((upgrade) => ({
    file,
    upgrade,
    downgrade: file.downgrades.find((downgrade) => downgrade.engine === upgrade.engine),
    project,
  }));

function toFinding(found: Found, { rule, severity }: Enabled, file: RevisionFile): Finding {
  const revision = file.identifiers.revision?.value;
  return {
    rule: rule.id,
    severity,
    message: rule.message(found),
    path: file.path,
    ...(revision === undefined ? {} : { revision }),
    range: found.at,
    related: found.related ?? [],
    refactorings: rule.refactorings ?? [],
  };
}

const nothing: Checked = { findings: [], failures: [] };

const pathInProject = (path: string, { config }: Project): string =>
  path.startsWith(`${config.root}/`) ? path.slice(config.root.length + 1) : path;

/**
 * Checks one file of the project. Helper modules beside the revisions, and files that the settings ignore, have
 * nothing to find.
 */
export function checkFile(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  rules: readonly Rule[] = allRules,
): Checked {
  if (!file.isRevision || isIgnored(pathInProject(file.path, project), settings.ignore)) return nothing;
  const isAllowed = readSuppressions(file);
  const findings: Finding[] = [];
  const failures: RuleFailure[] = [];
  for (const enabled of enabledRules(project, settings, rules)) {
    try {
      const found = subjectsOf(file, project).flatMap((subject) => [...enabled.rule.detect(subject, enabled.options)]);
      const made = found.map((one) => toFinding(one, enabled, file));
      findings.push(...made.filter((finding) => !isAllowed(finding.rule, finding.range)));
    } catch (error) {
      failures.push({ rule: enabled.rule.id, path: file.path, error });
    }
  }
  findings.sort(byPlace);
  return { findings, failures };
}

/** The order of a file's findings. */
export const byPlace = (a: Finding, b: Finding): number =>
  a.range.start - b.range.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);

/** Checks every revision file of the project. A rule that throws is reported in `failures`; it stops nothing. */
export function check(project: Project, settings: Settings, rules: readonly Rule[] = allRules): Checked {
  const paths = [...project.files.keys()].sort();
  const checked = paths.flatMap((path) => {
    const file = project.files.get(path);
    return file === undefined ? [] : [checkFile(project, file, settings, rules)];
  });
  return {
    findings: checked.flatMap((one) => one.findings),
    failures: checked.flatMap((one) => one.failures),
  };
}
