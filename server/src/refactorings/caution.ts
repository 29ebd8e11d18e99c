/** What a person should know before a revision is changed that others may have run. */
import type { Place, Result } from "./define.ts";

/** In words; undefined where nobody is known to have run what is changed. */
export function cautionOf(
  { project, published, applied }: Place,
  { parts }: Pick<Result, "parts">,
): string | undefined {
  const changed = parts.filter(({ path, isNew }) => !isNew && project.files.get(path)?.isRevision === true);
  const known = changed.find(({ path }) => published?.has(path) === true)?.revision;
  const run = changed.find(({ revision }) => applied?.ids.has(revision) === true)?.revision;
  const sentences = [
    ...(known === undefined
      ? []
      : [
          `${known} is on git's default branch already: a database that has run it keeps what it has, and runs nothing of what is changed here.`,
        ]),
    ...(run === undefined || applied === undefined
      ? []
      : [
          `${run} has run on ${applied.database}: to see there what is changed, downgrade below it before you change it, and upgrade again afterwards.`,
        ]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(" ");
}
