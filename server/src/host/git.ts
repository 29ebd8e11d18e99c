/**
 * Repositories through the real `git`. Only plumbing that reads objects: nothing of it runs hooks, filters, a file system
 * monitor or a pager. No shell; names that come from files or people stand after `--end-of-options` or `--`, or go in
 * through standard input.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import type { RevisionFile } from "../model/revision.ts";
import { RepositoryUnreadable, type CommittedFile, type Repository } from "../project/ports.ts";
import type { PresentRevision } from "../project/published.ts";
import { resolvePath } from "../project/paths.ts";
import { decode } from "./decode.ts";

interface Answer {
  readonly code: number;
  readonly out: Buffer;
  readonly err: string;
}

/** A question that takes longer than this has gone wrong. */
const patience = 60_000;

/** Set while git runs a hook, and then about where that hook runs: every question here names its own folder. */
const ofHooks = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

function environment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ofHooks) Reflect.deleteProperty(env, name);
  return {
    ...env,
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // Of a partial clone nothing is fetched.
    GIT_NO_LAZY_FETCH: "1",
    // On Windows a program of that name in the working directory would else come first.
    NoDefaultCurrentDirectoryInExePath: "1",
  };
}

const always = ["--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"];

function ask(folder: string, args: readonly string[], input = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...always, "-C", folder, ...args], {
      env: environment(),
      timeout: patience,
      windowsHide: true,
      stdio: "pipe",
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => err.push(part));
    // What it thinks of its input it says by its exit code.
    child.stdin.on("error", () => undefined);
    child.on("error", ({ message }) => {
      reject(new RepositoryUnreadable(`git cannot be run: ${message}.`));
    });
    child.on("close", (code) => {
      resolve({ code: code ?? -1, out: Buffer.concat(out), err: Buffer.concat(err).toString("utf8") });
    });
    child.stdin.end(input);
  });
}

const refused = ({ err }: Answer): RepositoryUnreadable => {
  const [line = ""] = err.trim().split("\n");
  return new RepositoryUnreadable(`git refuses: ${line.replace(/^fatal: /, "").replace(/\.$/, "")}.`);
};

/** Asked in a folder that is in no repository; anything else that stops git is said. */
const isNoRepository = ({ err }: Answer): boolean => /not a git repository|cannot change to/.test(err);

/** One line of text without its end; undefined where git answers no. */
export async function line(folder: string, args: readonly string[]): Promise<string | undefined> {
  const answer = await ask(folder, args);
  if (answer.code === 0) return answer.out.toString("utf8").replace(/\r?\n$/, "");
  if (answer.code === 1 || isNoRepository(answer)) return undefined;
  throw refused(answer);
}

/** @throws RepositoryUnreadable where git refuses */
export async function answerOf(folder: string, args: readonly string[], input?: string): Promise<Buffer> {
  const answer = await ask(folder, args, input);
  if (answer.code === 0) return answer.out;
  throw refused(answer);
}

/** In the order in which they count. */
const branches = [
  /^refs\/remotes\/origin\/HEAD$/,
  /^refs\/remotes\/[^/]+\/HEAD$/,
  /^refs\/remotes\/origin\/(?:main|master)$/,
  /^refs\/remotes\/[^/]+\/(?:main|master)$/,
  /^refs\/heads\/(?:main|master)$/,
];

async function defaultBranch(folder: string): Promise<string | undefined> {
  const asked = [
    "refs/remotes/*/HEAD",
    "refs/remotes/*/main",
    "refs/remotes/*/master",
    "refs/heads/main",
    "refs/heads/master",
  ];
  const answer = await ask(folder, ["for-each-ref", "--format=%(refname) %(symref)", ...asked]);
  if (answer.code !== 0) {
    if (isNoRepository(answer)) return undefined;
    throw refused(answer);
  }
  const refs = answer.out
    .toString("utf8")
    .split("\n")
    .map((one) => one.split(" "));
  for (const branch of branches) {
    const found = refs.find(([name = ""]) => branch.test(name));
    if (found !== undefined) return (found[1] || found[0])?.replace(/^refs\/(?:remotes|heads)\//, "");
  }
  return undefined;
}

const isBlob = (mode: string): boolean => mode === "100644" || mode === "100755";

/** `mode type object\tpath`, each ended by a NUL: no name can be mistaken for another. */
function parseTree(out: Buffer): readonly CommittedFile[] {
  return out
    .toString("utf8")
    .split("\0")
    .flatMap((entry) => {
      const tab = entry.indexOf("\t");
      const [mode = "", , object = ""] = entry.slice(0, Math.max(0, tab)).split(" ");
      return tab > 0 && isBlob(mode) ? [{ path: entry.slice(tab + 1), object }] : [];
    });
}

/** `object type size\n`, the content, `\n`; or `object missing\n`. */
function parseBatch(out: Buffer): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let at = 0;
  while (at < out.length) {
    const end = out.indexOf(10, at);
    if (end < 0) break;
    const [object = "", type = "", size = ""] = out.subarray(at, end).toString("utf8").split(" ");
    at = end + 1;
    if (type !== "blob") continue;
    const bytes = out.subarray(at, at + Number(size));
    at += bytes.length + 1;
    try {
      texts.set(object, decode(`${object}.py`, bytes));
    } catch {
      // It is no text.
    }
  }
  return texts;
}

export const gitRepository: Repository = {
  async top(folder) {
    const up = await line(folder, ["rev-parse", "--show-cdup"]);
    // Not `--show-toplevel`: that follows symbolic links, and paths here do not.
    return up === undefined ? undefined : resolvePath(folder, up.replace(/\/$/, "") || ".");
  },
  async commit(folder, name) {
    return line(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
  },
  defaultBranch,
  async mergeBase(folder, one, other) {
    return (await line(folder, ["merge-base", one, other]))?.split("\n")[0];
  },
  async list(folder, commit) {
    return parseTree(await answerOf(folder, ["ls-tree", "-r", "-z", commit]));
  },
  async read(folder, objects) {
    if (objects.length === 0) return new Map();
    return parseBatch(await answerOf(folder, ["cat-file", "--batch"], [...objects, ""].join("\n")));
  },
};

const objects = new WeakMap<Held, string>();

interface Held {
  readonly text: string;
}

/** The name that git gives a file of this text, with the line ends that it keeps files with. */
export function objectOf(file: Held): string {
  const known = objects.get(file);
  if (known !== undefined) return known;
  const bytes = Buffer.from(file.text.replaceAll("\r\n", "\n"), "utf8");
  const object = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  objects.set(file, object);
  return object;
}

/** The revisions among files, as git is asked about them. */
export const presentRevisions = (files: Iterable<RevisionFile>): readonly PresentRevision[] =>
  [...files].flatMap((file) => {
    const { path, isRevision, identifiers } = file;
    const id = identifiers.revision?.value;
    return isRevision && id !== undefined ? [{ path, id, object: objectOf(file) }] : [];
  });
