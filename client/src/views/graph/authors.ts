/** Who added which revision file, as git tells: asked once of a project, and again when it has other files. */
import { execFile } from "node:child_process";
import path from "node:path";
import * as vscode from "vscode";
import type { ProjectNode } from "../../../../server/src/protocol/index.ts";
import { parseAdded } from "./added.ts";
import { isVirtual } from "../../virtual.ts";

export interface Authors {
  /** What is known now; `changed` is called once more is. By file address. */
  readonly of: (project: ProjectNode, changed: () => void) => ReadonlyMap<string, string>;
}

const nothing: ReadonlyMap<string, string> = new Map();
const patience = 20_000;

export const createAuthors = (): Authors => {
  const known = new Map<string, { readonly key: string; authors: ReadonlyMap<string, string> }>();
  return {
    of: (project, changed) => {
      // git is a program, and a repository may configure what it runs.
      if (!vscode.workspace.isTrusted || isVirtual(project)) return nothing;
      const key = String(project.revisions.length);
      const found = known.get(project.id);
      if (found?.key === key) return found.authors;
      const entry = { key, authors: found?.authors ?? nothing };
      known.set(project.id, entry);
      void askGit(project).then((authors) => {
        entry.authors = authors;
        if (authors.size > 0) changed();
      });
      return entry.authors;
    },
  };
};

/** Empty where there is no git, no repository, or it takes too long: authors are a nicety. */
async function askGit({ revisions }: ProjectNode): Promise<ReadonlyMap<string, string>> {
  const uris = new Map(revisions.map(({ uri }) => [vscode.Uri.parse(uri).fsPath, uri]));
  const folders = [...new Set([...uris.keys()].map((file) => path.dirname(file)))];
  const authors = new Map<string, string>();
  for (const folder of folders) {
    const log = await git(folder, [
      ...["log", "--no-ext-diff", "--no-textconv", "--no-renames", "--diff-filter=A", "--relative"],
      ...["--name-only", "-z", "--format=%x01%an", "--", "."],
    ]);
    for (const [name, author] of parseAdded(log)) {
      const uri = uris.get(path.join(folder, name));
      if (uri !== undefined) authors.set(uri, author);
    }
  }
  return authors;
}

const git = (folder: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const always = ["--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"];
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_NO_LAZY_FETCH: "1" };
    const options = { env, timeout: patience, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    execFile("git", [...always, "-C", folder, ...args], options, (error, stdout) => {
      resolve(error ? "" : stdout);
    });
  });
