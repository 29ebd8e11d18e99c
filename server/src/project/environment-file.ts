/** `env.py` as a file that can be edited as a revision can: it has no identifiers and no directions. */
import { readRevision } from "../model/read.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { Project, ProjectEnvironment } from "./snapshot.ts";

const known = new WeakMap<ProjectEnvironment, RevisionFile>();

/** Undefined where the project has no env.py. */
export function environmentFileOf({ config: { env, dialect } }: Project): RevisionFile | undefined {
  if (env === undefined) return undefined;
  const file = known.get(env) ?? readRevision(env.path, env.text, { dialect });
  known.set(env, file);
  return file;
}
