/** The real git, over repositories made for the purpose. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gitRepository as git, objectOf } from "../../server/src/host/git.ts";
import { nodeFiles } from "../../server/src/host/files.ts";
import { findChanged, findPublished, findRevised } from "../../server/src/project/published.ts";

let root: string;
const run = (...args: string[]): string =>
  execFileSync(
    "git",
    ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", ...args],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  ).trim();

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};
const commit = (): string => {
  run("add", "-A");
  run("commit", "-qm", "c");
  return run("rev-parse", "HEAD");
};
const revision = (id: string, more = ""): string => `revision = "${id}"\ndown_revision = None\n${more}`;
const read = (file: string): Promise<string | undefined> => nodeFiles.read(file);
const present = (...pairs: (readonly [string, string])[]) =>
  pairs.map(([file, id]) => ({ path: `${root}/${file}`, id }));
const relative = (paths: ReadonlySet<string>): string[] => [...paths].map((one) => one.slice(root.length + 1)).sort();

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "retort-git-"));
  run("init", "-q", "-b", "main");
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("git", () => {
  test("knows the top, names, and where branches part", async () => {
    write("a/b/x.py", "1");
    const first = commit();
    run("checkout", "-qb", "feature");
    write("y.py", "2");
    const second = commit();
    run("checkout", "-q", "main");
    write("z.py", "3");
    const third = commit();
    expect(await git.top(`${root}/a/b`)).toBe(root);
    expect(await git.top(root)).toBe(root);
    expect(await git.commit(`${root}/a`, "main")).toBe(third);
    expect(await git.commit(root, "no-such")).toBeUndefined();
    expect(await git.mergeBase(root, second, third)).toBe(first);
  });

  test("takes the remote's default branch before its main, and that before ours", async () => {
    write("x.py", "1");
    const first = commit();
    expect(await git.defaultBranch(root)).toBe("main");
    run("update-ref", "refs/remotes/origin/master", first);
    expect(await git.defaultBranch(root)).toBe("origin/master");
    run("update-ref", "refs/remotes/origin/develop", first);
    run("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
    expect(await git.defaultBranch(root)).toBe("origin/develop");
    run("update-ref", "-d", "refs/remotes/origin/master");
    run("symbolic-ref", "--delete", "refs/remotes/origin/HEAD");
    run("branch", "-m", "main", "trunk");
    expect(await git.defaultBranch(root)).toBeUndefined();
  });

  test("answers with nothing outside of a repository", async () => {
    const outside = mkdtempSync(path.join(tmpdir(), "retort-none-"));
    expect(await git.top(outside)).toBeUndefined();
    expect(await git.commit(outside, "HEAD")).toBeUndefined();
    expect(await git.defaultBranch(outside)).toBeUndefined();
    expect(await git.top(`${outside}/not-there`)).toBeUndefined();
    rmSync(outside, { recursive: true });
  });

  test("takes no name for an option, a pathspec or a command", async () => {
    write("x.py", "1");
    commit();
    for (const name of [
      "--output=/tmp/config/owned",
      "-h",
      "--all",
      "; touch owned",
      "$(touch owned)",
      "main\nHEAD",
      "",
    ])
      expect(await git.commit(root, name), name).toBeUndefined();
  });

  test("lists and reads files whatever their names are", async () => {
    const names = ["a b.py", 'q"uote.py', "tab\there.py", "new\nline.py", ":(top)x.py", "--x.py", "ünï.py", "*.py"];
    for (const name of names) write(`v [1]/${name}`, `# ${name.length}\n`);
    const head = commit();
    const listed = await git.list(`${root}/v [1]`, head);
    expect(listed.map((one) => one.path).sort()).toEqual([...names].sort());
    const texts = await git.read(root, [...listed.map(({ object }) => object), "0".repeat(40)]);
    expect([...texts.values()].sort()).toEqual([...new Set(names.map((name) => `# ${name.length}\n`))].sort());
  });

  test("runs nothing that the repository's own configuration names", async () => {
    write("x.py", "1");
    write(".gitattributes", "*.py filter=evil diff=evil\n");
    const head = commit();
    const evil = path.join(root, "evil.sh");
    writeFileSync(evil, `#!/bin/sh\ntouch "${root}/owned"\n`, { mode: 0o755 });
    for (const key of [
      "core.fsmonitor",
      "core.pager",
      "core.hooksPath",
      "diff.external",
      "filter.evil.smudge",
      "diff.evil.textconv",
      "core.sshCommand",
    ])
      run("config", key, evil);
    rmSync(path.join(root, "owned"), { force: true });
    await git.defaultBranch(root);
    const [file] = await git.list(root, head);
    await git.read(root, [file?.object ?? ""]);
    await git.mergeBase(root, head, head);
    expect(await read(`${root}/owned`)).toBeUndefined();
  });

  test("is asked about the folder that is meant, also from within a hook", async () => {
    write("x.py", "1");
    const head = commit();
    process.env["GIT_DIR"] = "/nowhere/.git";
    try {
      expect(await git.commit(root, "HEAD")).toBe(head);
    } finally {
      delete process.env["GIT_DIR"];
    }
  });
});

describe("published revisions", () => {
  test("are those at the same path, edited or not, and those that have moved", async () => {
    write("old/0001_a.py", revision("0001"));
    write("old/0002_b.py", revision("0002", "# as long as can be\n"));
    write("new/0003_c.py", revision("0003"));
    write("new/0004_d.py", revision("0004"));
    write("new/0006_copied.py", revision("0006"));
    const head = commit();
    mkdirSync(`${root}/new`, { recursive: true });
    renameSync(`${root}/old/0001_a.py`, `${root}/new/0001_a.py`);
    rmSync(`${root}/old/0002_b.py`);
    write("new/0002_b.py", revision("0002", "# edited and moved\n"));
    write("new/0003_c.py", revision("0003", "# edited\n"));
    renameSync(`${root}/new/0004_d.py`, `${root}/new/0004_renamed.py`);
    write("new/0005_e.py", revision("0005"));
    write("other/0006_copied.py", revision("0006"));
    const files = present(
      ["new/0001_a.py", "0001"],
      ["new/0002_b.py", "0002"],
      ["new/0003_c.py", "0003"],
      ["new/0004_renamed.py", "0004"],
      ["new/0005_e.py", "0005"],
      ["other/0006_copied.py", "0006"],
    );
    expect(relative(await findPublished(files, head, git, read))).toEqual([
      "new/0001_a.py",
      "new/0002_b.py",
      "new/0003_c.py",
      "new/0004_renamed.py",
    ]);
  });

  test("are none in an empty commit", async () => {
    run("commit", "-q", "--allow-empty", "-m", "c");
    write("v/0001_a.py", revision("0001"));
    const files = present(["v/0001_a.py", "0001"]);
    expect(await findPublished(files, "HEAD", git, read)).toEqual(new Set());
  });
});

test("changed revisions are new ones and edited ones; line ends do not count", async () => {
  write("v/0001_a.py", revision("0001"));
  write("v/0002_b.py", revision("0002"));
  write("v/deep/0003_c.py", revision("0003"));
  const head = commit();
  write("v/0001_a.py", revision("0001").replaceAll("\n", "\r\n"));
  write("v/0002_b.py", revision("0002", "# edited\n"));
  write("v/0004_d.py", revision("0004"));
  const files = present(
    ["v/0001_a.py", "0001"],
    ["v/0002_b.py", "0002"],
    ["v/deep/0003_c.py", "0003"],
    ["v/0004_d.py", "0004"],
  );
  expect(relative(await findChanged(files, head, git, read))).toEqual(["v/0002_b.py", "v/0004_d.py"]);
});

describe("what published revisions are like", () => {
  const revised = async (...pairs: (readonly [string, string])[]): Promise<unknown> => {
    const files = await Promise.all(
      present(...pairs).map(async (one) => ({ ...one, object: objectOf({ text: (await read(one.path)) ?? "" }) })),
    );
    const found = await findRevised(root, files, git, read);
    return found && [found.branch, ...[...found.texts].map(([file, text]) => [file.slice(root.length + 1), text])];
  };

  test("is told of those that are other now, by id or by path", async () => {
    write("v/a.py", revision("a"));
    write("v/b.py", revision("b"));
    write("v/c.py", revision("c"));
    write("v/d.py", revision("d"));
    commit();
    write("v/b.py", revision("b", "x = 1\n"));
    write("v/c.py", revision("cc"));
    renameSync(path.join(root, "v/d.py"), path.join(root, "v/e.py"));
    write("v/n.py", revision("n"));
    const there = [
      ["v/a.py", "a"],
      ["v/b.py", "b"],
      ["v/c.py", "cc"],
      ["v/e.py", "d"],
      ["v/n.py", "n"],
    ] as const;
    expect(await revised(...there)).toEqual([
      "main",
      ["v/b.py", revision("b")],
      ["v/c.py", revision("c")],
      ["v/e.py", revision("d")],
    ]);
  });

  test("is as it was where the branch was left, not as others have made it since", async () => {
    write("v/a.py", revision("a"));
    commit();
    run("checkout", "-qb", "feature");
    write("w.py", "1");
    commit();
    run("checkout", "-q", "main");
    write("v/a.py", revision("a", "x = 1\n"));
    commit();
    run("checkout", "-q", "feature");
    expect(await revised(["v/a.py", "a"])).toEqual(["main"]);
  });

  test("is not asked of git for files with the name that git gives them, whatever their line ends", async () => {
    write("v/a.py", revision("a"));
    commit();
    expect(run("hash-object", "v/a.py")).toBe(objectOf({ text: revision("a").replaceAll("\n", "\r\n") }));
    const asked: unknown[] = [];
    const counting = {
      ...git,
      read: (folder: string, objects: readonly string[]) => (asked.push(...objects), git.read(folder, objects)),
    };
    const [file] = present(["v/a.py", "a"]);
    await findRevised(root, file ? [{ ...file, object: objectOf({ text: revision("a") }) }] : [], counting, read);
    expect(asked).toEqual([]);
  });

  test("is not known without a commit that both have", async () => {
    write("v/a.py", revision("a"));
    expect(await revised(["v/a.py", "a"])).toBeUndefined();
    commit();
    run("checkout", "-q", "--orphan", "other");
    write("v/a.py", revision("a", "x = 1\n"));
    commit();
    expect(await revised(["v/a.py", "a"])).toBeUndefined();
  });
});
