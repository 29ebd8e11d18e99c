/** The edits by which rules put right what they have found. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { settingsAt } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { TextEdit } from "../text/edit.ts";
import { overlaps, type Range } from "../text/range.ts";
import { auditsIn, checkFile, checkProject, enabledRules, pathInProject, subjectsOf } from "./check.ts";
import type { Found, Repair, Rule, Subject } from "./define.ts";
import { rules as allRules } from "./index.ts";
import { findSuppressions } from "./suppression.ts";

export interface Repaired {
  readonly rule: string;
  /** Of the finding. */
  readonly range: Range;
  readonly title: string;
  readonly safety: Repair["safety"];
  readonly edits: readonly TextEdit[];
}

/**
 * What can be put right in this file, of all findings or of those that the range touches. None where the file is being
 * typed in and stands for what it last was. @throws whatever a rule throws: that is a defect of the rule
 */
export function repairsIn(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  within?: Range,
  rules: readonly Rule[] = allRules,
): readonly Repaired[] {
  if (file.stale) return [];
  const subjects = subjectsOf(file, project, settings);
  const repairing = rules.filter(({ repair }) => repair !== undefined);
  const enabled = enabledRules(project, settingsAt(settings, pathInProject(file.path, project)), repairing);
  const detected = enabled.flatMap(({ rule, options }) =>
    subjects.flatMap((subject) =>
      [...(rule.detect?.(subject, options) ?? [])].map((found): Repairable => ({ rule, found, subject })),
    ),
  );
  return [...detected, ...auditedIn(project, file, settings, repairing, subjects[0])].flatMap((one) =>
    toRepaired(one, within),
  );
}

interface Repairable {
  readonly rule: Rule;
  readonly found: Found;
  readonly subject: Subject;
}

function toRepaired({ rule, found, subject }: Repairable, within: Range | undefined): readonly Repaired[] {
  if (within && !overlaps(found.at, within) && found.at.start !== within.start) return [];
  const { repair } = rule;
  const edits = repair?.edits(found, subject);
  if (!repair || !edits || edits.length === 0) return [];
  return [{ rule: rule.id, range: found.at, title: repair.title(found), safety: repair.safety, edits }];
}

/** Of the file's comments. Which of them allow nothing is known only when all rules have looked. */
function auditedIn(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  repairing: readonly Rule[],
  subject: Subject | undefined,
): readonly Repairable[] {
  const auditing = repairing.filter(({ audit }) => audit !== undefined);
  if (subject === undefined || auditing.length === 0 || findSuppressions(file).length === 0) return [];
  const checked = [checkProject(project, settings), checkFile(project, file, settings)];
  const findings = checked.flatMap((one) => one.findings.filter(({ path }) => path === file.path));
  const failed = checked.flatMap(({ failures }) => failures.map(({ rule }) => rule));
  return auditsIn(project, file, settings, { findings, failed }).flatMap(({ enabled: { rule }, found }) =>
    auditing.includes(rule) ? [{ rule, found, subject }] : [],
  );
}
