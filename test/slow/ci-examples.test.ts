/**
 * The examples of `docs/ci.md` and the hook of `.pre-commit-hooks.yaml`, run: the packed program is installed as they say, and
 * their commands and hooks run in a repository with a dangerous revision on a branch. What only a service can do (check out,
 * upload) is left out.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "../../scripts/build.ts";
import { mixed, project } from "../lsp/files.ts";

const root = path.resolve(import.meta.dirname, "../..");
const guide = readFileSync(path.join(root, "docs/ci.md"), "utf8");
const venv = path.join(root, ".cache/pre-commit");
const python = path.join(venv, "bin", "python");

let folder = "";
let repository = "";
/** Where `npm install --global` puts its programs. */
let programs = "";

const settings = 'preset = "off"\nrules.mixed-schema-and-data = "warning"\n';
const newRevision = "migrations/versions/ccc333_new.py";
const newer = mixed.replaceAll("aaa111", "parent").replaceAll("bbb222", "ccc333").replaceAll("parent", "bbb222");

const git = (...args: string[]): string =>
  execFileSync(
    "git",
    ["-C", repository, "-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false", ...args],
    {
      encoding: "utf8",
    },
  ).trim();

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
  writeFileSync(path.join(repository, file), text);
}

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** As a service does: a shell that stops at the first failure, in the checked-out repository. */
const shell = (command: string, env: Readonly<Record<string, string>>): Promise<Ran> =>
  new Promise((resolve) => {
    const options = {
      cwd: repository,
      env: { ...process.env, ...env, PATH: `${programs}${path.delimiter}${process.env["PATH"] ?? ""}` },
    };
    execFile("bash", ["-e", "-c", command], options, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out: out + err });
    });
  });

/** The blocks of YAML below a heading, read by PyYAML. */
function examples(heading: string): readonly unknown[] {
  const section = guide.split(/^## /m).find((one) => one.startsWith(heading)) ?? "";
  return [...section.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => readYaml(text));
}

const readYaml = (input: string): unknown =>
  JSON.parse(
    execFileSync(python, ["-c", "import sys, yaml, json; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"], {
      input,
      encoding: "utf8",
    }),
  );

beforeAll(async () => {
  if (!existsSync(path.join(venv, "ready"))) {
    execFileSync("python3", ["-m", "venv", venv]);
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pre-commit==4.7.0"]);
    writeFileSync(path.join(venv, "ready"), "");
  }
  folder = mkdtempSync(path.join(tmpdir(), "retort-ci-"));
  if (process.env["RETORT_BUILT"] !== "1") await build();
  // Scripts of the package would build it once more.
  const packed = execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  }).trim();
  const global = path.join(folder, "global");
  execFileSync("npm", [
    "install",
    "--silent",
    "--ignore-scripts",
    "--global",
    "--prefix",
    global,
    path.join(folder, packed),
  ]);
  programs = path.join(global, "bin");
  repository = path.join(folder, "repository");
  mkdirSync(repository);
  git("init", "-q", "-b", "main");
  for (const [file, text] of Object.entries({ ...project, "retort.toml": settings })) write(file, text);
  git("add", "-A");
  git("commit", "-qm", "before");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  git("checkout", "-qb", "feature");
  write(newRevision, newer);
  git("add", "-A");
  git("commit", "-qm", "new");
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the packed program is whole", async () => {
  expect(await shell("retort --version", {})).toEqual({ code: 0, out: "0.1.0\n" });
  const { out } = await shell("retort check --all --format json", {});
  expect((JSON.parse(out) as { findings: unknown[] }).findings).toHaveLength(2);
  expect((await shell("retort explain mixed-schema-and-data", {})).out).toContain("Make three revisions");
});

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly name?: string }[] }>
  >;
}

test("the workflow for GitHub Actions tells of the new revision only, and fails", async () => {
  const [workflow] = examples("GitHub Actions") as readonly Workflow[];
  const runs = Object.values(workflow?.jobs ?? {}).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(runs).toHaveLength(4);
  const summary = path.join(folder, "summary.md");
  const results: Ran[] = [];
  for (const command of runs.filter((run) => !run.startsWith("npm ")))
    results.push(await shell(command, { GITHUB_BASE_REF: "main", GITHUB_STEP_SUMMARY: summary }));
  expect(results.map(({ code }) => code)).toEqual([1, 0, 0]);
  expect(results[0]?.out).toMatch(new RegExp(`^::warning file=${newRevision},line=`));
  expect(results[0]?.out.match(/^::/gm)).toHaveLength(1);
  expect(readFileSync(summary, "utf8")).toMatch(/^### Retort: 1 warning[^]*\n### ccc333: join names\n/);
  const sarif = JSON.parse(readFileSync(path.join(repository, "retort.sarif"), "utf8")) as {
    runs: { results: unknown[] }[];
  };
  expect(sarif.runs[0]?.results).toHaveLength(1);
});

test("the job for GitLab writes its reports, and fails", async () => {
  const [jobs] = examples("GitLab") as readonly Readonly<Record<string, { readonly script: readonly string[] }>>[];
  const script = Object.values(jobs ?? {}).flatMap((job) => job.script);
  const commands = script.filter((command) => !command.startsWith("npm "));
  const { code, out } = await shell(commands.join("\n"), { CI_MERGE_REQUEST_DIFF_BASE_SHA: git("rev-parse", "main") });
  expect(code).toBe(1);
  expect(out).toContain(newRevision);
  const quality = JSON.parse(readFileSync(path.join(repository, "gl-code-quality-report.json"), "utf8")) as unknown;
  expect(quality).toMatchObject([{ check_name: "mixed-schema-and-data", location: { path: newRevision } }]);
  expect(readFileSync(path.join(repository, "retort.xml"), "utf8")).toContain("<testsuites");
});

describe("pre-commit", () => {
  const run = (config: unknown): Promise<Ran> => {
    write(".pre-commit-config.yaml", JSON.stringify(config));
    return shell(`"${python}" -m pre_commit run`, { PRE_COMMIT_HOME: path.join(folder, "pre-commit") });
  };
  const staged = "migrations/versions/ddd444_staged.py";

  afterAll(() => {
    git("reset", "-q", "--hard");
  });

  test.each([
    ["the hook that is defined here", () => definedHook()],
    ["the hook of one's own", () => examples("pre-commit")[1]],
  ])("%s finds what is staged, and lets other commits through", async (_, config) => {
    git("reset", "-q", "--hard");
    write("README.md", "changed\n");
    git("add", "README.md");
    expect(await run(config())).toMatchObject({
      code: 0,
      out: expect.stringContaining("(no files to check)Skipped") as unknown,
    });
    write(staged, newer.replaceAll("bbb222", "parent").replaceAll("ccc333", "ddd444").replaceAll("parent", "ccc333"));
    git("add", staged);
    const { code, out } = await run(config());
    expect(code).toBe(1);
    expect(out).toContain(`${staged}:`);
    expect(out).not.toContain("bbb222_join_names.py:");
    write(
      staged,
      newer
        .replaceAll("bbb222", "parent")
        .replaceAll("ccc333", "ddd444")
        .replaceAll("parent", "ccc333")
        .replace(/ {4}connection\.execute\([^]*?\n {4}\)\n/, ""),
    );
    git("add", staged);
    expect(await run(config())).toMatchObject({ code: 0, out: expect.stringContaining("Passed") as unknown });
  });

  /** The definition as it is, but for the installation: the program is installed already. */
  function definedHook(): unknown {
    const hooks = readYaml(readFileSync(path.join(root, ".pre-commit-hooks.yaml"), "utf8")) as readonly object[];
    const [example] = examples("pre-commit") as readonly { repos: { hooks: { id: string; args: string[] }[] }[] }[];
    const used = example?.repos[0]?.hooks[0];
    expect(hooks).toMatchObject([{ id: used?.id, language: "node", entry: "retort check" }]);
    return {
      repos: [{ repo: "local", hooks: hooks.map((hook) => ({ ...hook, language: "system", args: used?.args })) }],
    };
  }
});
