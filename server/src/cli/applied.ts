/** What has run on a database: asked only of one that the person names. */
import { readVersions } from "../database/versions.ts";
import { upTo } from "../history/past.ts";
import type { Project } from "../project/snapshot.ts";
import type { Place } from "../refactorings/define.ts";
import { toDatabase, type Source } from "./database.ts";
import { InputError, type Io } from "./io.ts";

/** In place of a URL: that of the project's config. */
const config = "config";

/** `undefined`: nobody asked. @throws InputError where the database does not tell. */
export async function findApplied(project: Project, named: string | undefined, io: Io): Promise<Place["applied"]> {
  if (named === undefined) return undefined;
  const { target, shown, mask } = toDatabase(sourceOf(project, named), "the version table is read", io);
  const { versionTable: name, versionTableSchema: schema } = project.config;
  const answer = await readVersions(target, { name, ...(schema !== undefined && { schema }) }, "The version table");
  if (!answer.ok) throw new InputError(mask(answer.reason));
  if (answer.value === undefined)
    throw new InputError(`${shown} has several tables ${name}, and it is not known which one Alembic uses`);
  const ids = upTo(project.history, answer.value);
  if ("value" in ids) return { database: shown, ids: ids.value };
  throw new InputError(`${shown} is at a revision that no file has (${answer.value.join(", ")})`);
}

function sourceOf({ config: { url } }: Project, named: string): Source {
  if (named !== config) return { text: named, from: "--database" };
  if (url !== undefined) return { text: url, from: "sqlalchemy.url" };
  throw new InputError("the project's config does not tell the database; name it: --database URL");
}
