/** What only the project's repository knows: revisions of other branches and of other days. */
import { findPastFiles, readCommit, type PastFile } from "../host/git-past.ts";
import { gitRepository } from "../host/git.ts";
import { readRevision } from "../model/read.ts";
import type { RevisionFile } from "../model/revision.ts";
import { RepositoryUnreadable } from "../project/ports.ts";
import type { Project } from "../project/snapshot.ts";
import type {
  LostRevisionAnswer,
  LostRevisionRequest,
  MergedHeadsAnswer,
  MergedHeadsRequest,
} from "../protocol/index.ts";
import { uriOf } from "./convert.ts";
import type { Session } from "./session.ts";
import { isVirtual } from "./virtual.ts";

type Refusal = { readonly ok: false; readonly reason: string };

async function orRefusal<T>(
  session: Session,
  projectId: string,
  ask: (project: Project) => Promise<T>,
): Promise<T | Refusal> {
  const project = session.workspace().projects.find(({ id }) => id === projectId);
  if (project === undefined) return { ok: false, reason: "The project is not open any more." };
  if (isVirtual(project.config.root)) return { ok: false, reason: "The folder lies on no disk, so git is not run." };
  if (!session.isTrusted()) return { ok: false, reason: "The folder is not trusted, so git is not run." };
  try {
    return await ask(project);
  } catch (error) {
    if (error instanceof RepositoryUnreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

type LostFile = Extract<LostRevisionAnswer, { ok: true }>["files"][number];

/** A history that is missing as a whole is better got by a checkout. */
const mostFiles = 30;

export const lostRevisionAnswer = (session: Session, request: LostRevisionRequest): Promise<LostRevisionAnswer> =>
  orRefusal<LostRevisionAnswer>(session, request.projectId, async (project) => {
    const files: LostFile[] = [];
    const missing = [request.revision];
    const seen = new Set<string>();
    for (let id = missing.shift(); id !== undefined && files.length < mostFiles; id = missing.shift()) {
      if (seen.has(id) || project.history.revisions.has(id)) continue;
      seen.add(id);
      const found = await findRevision(project, id);
      if (found === undefined) continue;
      files.push(found.file);
      missing.push(...(found.revision.identifiers.downRevision?.value ?? []));
    }
    return { ok: true, files };
  });

async function findRevision(
  { config }: Project,
  id: string,
): Promise<{ readonly file: LostFile; readonly revision: RevisionFile } | undefined> {
  for (const folder of config.versionLocations) {
    // The word may stand in other files: only one that has it as its revision counts.
    for (const past of await findPastFiles(folder, id)) {
      const revision = readRevision(past.path, past.text, { dialect: config.dialect });
      if (revision.identifiers.revision?.value === id) return { revision, file: await toLostFile(folder, id, past) };
    }
  }
  return undefined;
}

async function toLostFile(folder: string, revision: string, { path, text, commit }: PastFile): Promise<LostFile> {
  const about = await readCommit(folder, commit);
  return { revision, uri: uriOf(`${folder}/${path}`), text, ...about };
}

interface Known {
  readonly id: string;
  readonly parents: readonly string[];
  readonly message: string;
}

export const mergedHeadsAnswer = (session: Session, request: MergedHeadsRequest): Promise<MergedHeadsAnswer> =>
  orRefusal<MergedHeadsAnswer>(session, request.projectId, async (project) => {
    const { root } = project.config;
    const branch = await gitRepository.defaultBranch(root);
    const commit = branch === undefined ? undefined : await gitRepository.commit(root, branch);
    if (branch === undefined || commit === undefined)
      return { ok: false, reason: "git tells no default branch of a remote: there is nothing to compare with." };
    const there = await revisionsAt(project, commit);
    const here = [...project.history.revisions.values()].map(({ id, parents, message }): Known => ({
      id,
      parents,
      message,
    }));
    const { date } = await readCommit(root, commit);
    return { ok: true, branch, commit, date, heads: headsOf(here, there) };
  });

async function revisionsAt({ config }: Project, commit: string): Promise<readonly Known[]> {
  const known: Known[] = [];
  for (const folder of config.versionLocations) {
    const files = (await gitRepository.list(folder, commit)).filter(({ path }) => path.endsWith(".py"));
    const texts = await gitRepository.read(
      folder,
      files.map(({ object }) => object),
    );
    for (const { path, object } of files) {
      const text = texts.get(object);
      const revision = text === undefined ? undefined : readRevision(path, text, { dialect: config.dialect });
      const id = revision?.identifiers.revision?.value;
      if (revision === undefined || id === undefined) continue;
      const parents = revision.identifiers.downRevision?.value ?? [];
      known.push({ id, parents, message: revision.header?.message.value ?? "" });
    }
  }
  return known;
}

/** A revision that both have counts as it is here: a parent that was moved is moved. */
function headsOf(here: readonly Known[], there: readonly Known[]): Extract<MergedHeadsAnswer, { ok: true }>["heads"] {
  const own = new Set(here.map(({ id }) => id));
  const theirs = new Set(there.map(({ id }) => id));
  const all = [...here, ...there.filter(({ id }) => !own.has(id))];
  const parents = new Set(all.flatMap((one) => one.parents));
  // A parent may be named by the beginning of its id.
  const isParent = (id: string): boolean =>
    parents.has(id) || [...parents].some((one) => one !== "" && id.startsWith(one));
  return all
    .filter(({ id }) => !isParent(id))
    .map(({ id, message }) => ({
      id,
      message,
      side: own.has(id) ? (theirs.has(id) ? "both" : "here") : "there",
    }));
}
