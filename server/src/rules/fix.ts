/** What can be put right without anybody looking at it: safe repairs of what is found, as many as fit beside each other. */
import type { RevisionFile } from "../model/revision.ts";
import type { Project } from "../project/snapshot.ts";
import type { Settings } from "../settings/settings.ts";
import type { TextEdit } from "../text/edit.ts";
import { checkFile, settle } from "./check.ts";
import type { Rule } from "./define.ts";
import { rules as allRules } from "./index.ts";
import { repairsIn, type Repaired } from "./repair.ts";

const touch = (a: TextEdit, b: TextEdit): boolean => a.range.start <= b.range.end && b.range.start <= a.range.end;

/**
 * Those that come too close to another wait for the next round, which sees what this one has made. What a comment allows
 * is not repaired.
 */
export function safeRepairs(
  project: Project,
  file: RevisionFile,
  settings: Settings,
  rules: readonly Rule[] = allRules,
): readonly Repaired[] {
  const repairing = rules.filter(({ repair }) => repair?.safety === "safe");
  if (repairing.length === 0) return [];
  const { findings } = checkFile(project, file, settings, repairing);
  const reported = new Set(settle(findings, repairing).map(({ rule, range }) => `${rule}:${range.start}`));
  if (reported.size === 0) return [];
  const chosen: Repaired[] = [];
  for (const one of repairsIn(project, file, settings, undefined, repairing)) {
    const near = chosen.some(({ edits }) => edits.some((edit) => one.edits.some((own) => touch(own, edit))));
    if (!near && reported.has(`${one.rule}:${one.range.start}`)) chosen.push(one);
  }
  return chosen;
}
