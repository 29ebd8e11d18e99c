/** What every rule, also those that are off by default, finds in real projects. */
import type { RevisionFile } from "../../server/src/model/revision.ts";
import type { Project } from "../../server/src/project/snapshot.ts";
import { check, type Finding } from "../../server/src/rules/check.ts";
import { rules } from "../../server/src/rules/index.ts";
import { mergeSettings, type Settings } from "../../server/src/settings/settings.ts";
import { LineIndex } from "../../server/src/text/lines.ts";

export interface CorpusFinding extends Finding {
  /** The package that its project is of. */
  readonly package: string;
  /** `package-version/path/in/the/package.py`. */
  readonly place: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly file: RevisionFile;
  readonly project: Project;
}

/** Every rule is on, with its own severity. */
export const everyRule: Settings = mergeSettings([
  { rules: Object.fromEntries(rules.map(({ id, severity }) => [id, { severity }])) },
]);

/** Without the version: `apache-airflow-core-3.3.2/…` is of `apache-airflow-core`. */
export const packageOf = (place: string): string => /^(.*?)-\d[^/]*(?:\/|$)/.exec(place)?.[1] ?? place;

/**
 * In the order of the projects and of the places.
 * @param root the folder that holds one folder for each package.
 * @throws Error when a rule throws.
 */
export function findAll(projects: readonly Project[], root: string): readonly CorpusFinding[] {
  return projects.flatMap((project) => {
    const { findings, failures } = check(project, everyRule);
    const [failure] = failures;
    if (failure !== undefined) throw new Error(`${failure.rule} broke on ${failure.path}`, { cause: failure.error });
    return findings.flatMap((finding) => {
      const file = project.files.get(finding.path);
      if (file === undefined) return [];
      const { line, character } = new LineIndex(file.text).positionAt(finding.range.start);
      const place = finding.path.slice(root.length + 1);
      return [{ ...finding, package: packageOf(place), place, line: line + 1, column: character + 1, file, project }];
    });
  });
}
