/** What a person should know before a revision is changed that others may have run. */
import type { Place, Result } from "./define.ts";

/** One sentence; undefined where nobody else is known to have what is changed. */
export function cautionOf({ project, published }: Place, { parts }: Pick<Result, "parts">): string | undefined {
  const known = parts.filter(({ path, isNew }) => !isNew && published?.has(path) === true && project.files.has(path));
  const [first] = known.map(({ revision }) => revision);
  if (first === undefined) return undefined;
  return `${first} is on git's default branch already: a database that has run it keeps what it has, and runs nothing of what is changed here.`;
}
