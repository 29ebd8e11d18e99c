/** Files that a repository has had at some time, found by a word in them: in any branch, or in none any more. */
import { RepositoryUnreadable } from "../project/ports.ts";
import { answerOf, gitRepository, line } from "./git.ts";

/** A file as it was when the word was in it. */
export interface PastFile {
  /** Beneath the folder. */
  readonly path: string;
  readonly text: string;
  /** The newest commit that is known to have it. */
  readonly commit: string;
}

export interface CommitAbout {
  /** As ISO 8601. */
  readonly date: string;
  readonly subject: string;
  /** Names of branches that have the commit, this machine's before the remotes'. */
  readonly branches: readonly string[];
}

/** More than that many commits are not looked through: it would take long, and people wait. */
const mostCommits = 20_000;
const isObject = (text: string): boolean => /^[0-9a-f]{40,64}$/.test(text);
const isNothing = (object: string): boolean => /^0+$/.test(object);

/**
 * Python files beneath the folder in which a commit put the word, or from which it took it, the newest first.
 * @throws RepositoryUnreadable
 */
export async function findPastFiles(folder: string, word: string): Promise<readonly PastFile[]> {
  const commits = await answerOf(folder, ["rev-list", "--all", `--max-count=${String(mostCommits)}`, "--", "."]);
  if (commits.length === 0) return [];
  // Neither filters nor other people's diff programs: raw changes only.
  const asked = ["--stdin", "-r", "--root", "-z", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const changes = await answerOf(folder, ["diff-tree", ...asked, `-S${word}`, "--", "."], commits.toString("utf8"));
  const found = parseChanges(changes).filter(({ path }) => path.endsWith(".py"));
  const texts = await gitRepository.read(folder, [...new Set(found.map(({ object }) => object))]);
  return found.flatMap(({ path, object, commit }) => {
    const text = texts.get(object);
    return text === undefined ? [] : [{ path, text, commit }];
  });
}

interface Change {
  readonly path: string;
  readonly object: string;
  readonly commit: string;
}

/** `commit`, then `:mode mode before after status`, `path`, …; a file that was taken away was last in the commit's parent. */
function parseChanges(out: Buffer): readonly Change[] {
  const words = out
    .toString("utf8")
    .split("\0")
    .flatMap((word) => word.split("\n"));
  const changes: Change[] = [];
  let commit = "";
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (isObject(word)) commit = word;
    if (!word.startsWith(":")) continue;
    const [, , before = "", after = ""] = word.split(" ");
    const path = words[++at] ?? "";
    if (!isNothing(after)) changes.push({ path, object: after, commit });
    else if (!isNothing(before)) changes.push({ path, object: before, commit: `${commit}^` });
  }
  return changes;
}

/** What people know a commit by. */
export async function readCommit(folder: string, name: string): Promise<CommitAbout & { readonly commit: string }> {
  const commit = await gitRepository.commit(folder, name);
  if (commit === undefined) throw new RepositoryUnreadable("git knows no such commit.");
  const [, date = "", subject = ""] =
    (await line(folder, ["rev-list", "--max-count=1", "--no-walk", "--format=%cI%n%s", commit]))?.split("\n") ?? [];
  const format = "--format=%(refname:short)";
  const refs = await line(folder, ["for-each-ref", `--contains=${commit}`, format, "refs/heads", "refs/remotes"]);
  return {
    commit,
    date,
    subject,
    branches: (refs ?? "").split("\n").filter((ref) => ref !== "" && !ref.endsWith("/HEAD")),
  };
}
