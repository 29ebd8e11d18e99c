/** Old history stays quiet: takes out of a report what was found in revisions that are not judged any more. */
import { RepositoryUnreadable, type Repository } from "../project/ports.ts";
import { findChanged, findPublished } from "../project/published.ts";
import type { Project } from "../project/snapshot.ts";
import { countsInPast } from "../rules/past.ts";
import { InputError, type Io } from "./io.ts";
import type { IsShown, Lineage, Report } from "./report.ts";
import { presentRevisions } from "../host/git.ts";
import type { Span } from "./span.ts";
import { resolvePath } from "../project/paths.ts";

/** Revisions that are not judged, by path, and which they are, as the end of a sentence. */
export interface Past {
  readonly paths: ReadonlySet<string>;
  readonly which?: string;
}

/** What is not judged; undefined where everything is. @throws InputError where git cannot tell */
export async function findPasts(
  lineages: readonly Lineage[],
  span: Span | undefined,
  io: Io,
): Promise<readonly Past[] | undefined> {
  if (span?.kind === "all") return undefined;
  if (span === undefined && lineages.every(({ baseline }) => baseline === undefined)) return undefined;
  return pastsOf(lineages, span, io);
}

/** Whether a finding stays where these pasts are left out. What counts in the past as well is always told. */
export const staysWithout =
  (pasts: readonly Past[] | undefined): IsShown =>
  (finding) =>
    pasts === undefined || countsInPast(finding) || !isOld(pasts, finding.path);

const isOld = (pasts: readonly Past[], path: string): boolean => pasts.some(({ paths }) => paths.has(path));

/** The report without its past, or whole with advice on how to be without it. */
export async function leavePast(
  report: Report,
  pasts: readonly Past[] | undefined,
  span: Span | undefined,
  io: Io,
): Promise<Report> {
  if (pasts !== undefined) return without(report, pasts);
  return span === undefined ? advise(report, io) : report;
}

async function pastsOf(lineages: readonly Lineage[], span: Span | undefined, io: Io): Promise<readonly Past[]> {
  const pasts: Past[] = [];
  for (const lineage of lineages) pasts.push(await pastOf(lineage, span, io));
  return pasts;
}

/** Paths of the revisions that the span leaves out. @throws InputError where git cannot tell */
export const findPast = async (lineages: readonly Lineage[], span: Span, io: Io): Promise<ReadonlySet<string>> =>
  new Set((await pastsOf(lineages, span, io)).flatMap(({ paths }) => [...paths]));

async function pastOf({ root, revisions, baseline }: Lineage, span: Span | undefined, io: Io): Promise<Past> {
  if (span?.kind === "changed") return unchanged({ root, revisions }, span.base, io);
  if (baseline === "published") {
    const { branch, commit } = await published(root, io);
    return {
      paths: await findPublished(revisions, commit, repositoryOf(io), (path) => read(path, io)),
      which: `on ${branch}`,
    };
  }
  if (baseline === undefined || baseline === "none") return { paths: new Set() };
  const old = new Set(baseline);
  const named = span?.kind === "since" ? span.revision : "the baseline";
  return {
    paths: new Set(revisions.filter(({ id }) => old.has(id)).map(({ path }) => path)),
    which: `up to ${named}`,
  };
}

function without(report: Report, pasts: readonly Past[]): Report {
  const revisions = pasts.reduce((sum, { paths }) => sum + paths.size, 0);
  const findings = report.findings.filter(staysWithout(pasts));
  const which = [...new Set(pasts.flatMap((past) => past.which ?? []))].join(" or ");
  return {
    ...report,
    findings,
    unread: report.unread.filter(({ path }) => !isOld(pasts, path)),
    leftOut: { which, revisions, findings: report.findings.length - findings.length },
  };
}

const read = async (path: string, io: Io): Promise<string | undefined> => io.files.read(path).catch(() => undefined);

function repositoryOf({ repository }: Io): Repository {
  if (repository === undefined) throw new InputError("git cannot be asked here");
  return repository;
}

/** Where git refuses it says why; its words are good enough. */
async function asking<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof RepositoryUnreadable) throw new InputError(error.message.replace(/\.$/, ""));
    throw error;
  }
}

async function published(root: string, io: Io): Promise<{ readonly branch: string; readonly commit: string }> {
  return asking(async () => {
    const repository = repositoryOf(io);
    const branch = await repository.defaultBranch(root);
    const commit = branch === undefined ? undefined : await repository.commit(root, branch);
    if (branch !== undefined && commit !== undefined) return { branch, commit };
    if ((await repository.top(root)) === undefined)
      throw new InputError(`${root} is in no git repository, so that it is not known what is published`);
    throw new InputError(
      "git knows no default branch here (origin/HEAD, main or master), so that it is not known what is published; fetch it, or name a commit: --changed=COMMIT",
    );
  });
}

/** Paths of the project's revisions on git's default branch; undefined where git cannot tell. */
export async function findPublishedIn({ config, files }: Project, io: Io): Promise<ReadonlySet<string> | undefined> {
  if (io.repository === undefined) return undefined;
  const revisions = presentRevisions(files.values());
  try {
    const { commit } = await published(config.root, io);
    return await findPublished(revisions, commit, io.repository, (path) => read(path, io));
  } catch (error) {
    if (error instanceof InputError || error instanceof RepositoryUnreadable) return undefined;
    throw error;
  }
}

/** All but what has changed since the working tree has parted from the commit. */
async function unchanged(
  { root, revisions }: Pick<Lineage, "root" | "revisions">,
  base: string | undefined,
  io: Io,
): Promise<Past> {
  const { branch, commit } =
    base === undefined ? await published(root, io) : { branch: base, commit: await named(root, base, io) };
  return asking(async () => {
    const repository = repositoryOf(io);
    const head = await repository.commit(root, "HEAD");
    const parted = head === undefined ? undefined : await repository.mergeBase(root, commit, head);
    const changed = await findChanged(revisions, parted ?? commit, repository, (path) => read(path, io));
    return {
      paths: new Set(revisions.map(({ path }) => path).filter((path) => !changed.has(path))),
      which: `unchanged since ${branch}`,
    };
  });
}

const named = (root: string, base: string, io: Io): Promise<string> =>
  asking(async () => {
    const repository = repositoryOf(io);
    const commit = await repository.commit(root, base);
    if (commit !== undefined) return commit;
    if ((await repository.top(root)) === undefined) throw new InputError(`${root} is in no git repository`);
    throw new InputError(`git knows no commit "${base}"`);
  });

/** The word behind `--changed` is a path where there is one. */
export async function settleSpan(
  span: Span | undefined,
  paths: readonly string[],
  io: Io,
): Promise<{ readonly span?: Span | undefined; readonly paths: readonly string[] }> {
  if (span?.kind !== "changed" || span.isWord !== true || span.base === undefined) return { span, paths };
  const path = resolvePath(io.cwd, span.base);
  const isPath =
    (await read(path, io)) !== undefined || (await io.files.list(path).catch(() => undefined)) !== undefined;
  if (!isPath) return { span: { kind: "changed", base: span.base }, paths };
  return {
    span: { kind: "changed" },
    paths: paths.length === 1 && paths[0] === "." ? [span.base] : [span.base, ...paths],
  };
}

/** Fewer are read sooner than advice on them. */
const worthAdvice = 5;

/** Where most of it is old news: how to be without it. What git has to say against it matters to nobody who did not ask. */
async function advise(report: Report, io: Io): Promise<Report> {
  const { repository } = io;
  if (repository === undefined || report.findings.length < worthAdvice) return report;
  const old = new Set<string>();
  let branch = "";
  for (const { root, revisions } of report.lineages) {
    try {
      const found = await published(root, io);
      branch = found.branch;
      for (const path of await findPublished(revisions, found.commit, repository, (one) => read(one, io)))
        old.add(path);
    } catch (error) {
      if (!(error instanceof InputError) && !(error instanceof RepositoryUnreadable)) throw error;
    }
  }
  const findings = report.findings.filter((finding) => old.has(finding.path)).length;
  if (findings * 2 <= report.findings.length) return report;
  const advice = `${findings} of ${report.findings.length} findings are in revisions that are on ${branch} already; to judge only what is new, write baseline = "published" into retort.toml, or ask with --changed.`;
  return { ...report, advice };
}
