/** The edits by which rules put right what they have found. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import { settingsAt } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { TextEdit } from "../text/edit.ts";
import { overlaps, type Range } from "../text/range.ts";
import { enabledRules, pathInProject, subjectsOf } from "./check.ts";
import type { Repair, Rule } from "./define.ts";
import { rules as allRules } from "./index.ts";

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
  return enabledRules(project, settingsAt(settings, pathInProject(file.path, project)), repairing).flatMap(
    ({ rule, options }) =>
      subjects.flatMap((subject) =>
        [...(rule.detect?.(subject, options) ?? [])].flatMap((found) => {
          if (within && !overlaps(found.at, within) && found.at.start !== within.start) return [];
          const { repair } = rule;
          const edits = repair?.edits(found, subject);
          if (!repair || !edits || edits.length === 0) return [];
          return [{ rule: rule.id, range: found.at, title: repair.title(found), safety: repair.safety, edits }];
        }),
      ),
  );
}
