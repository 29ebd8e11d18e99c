/** What people would use instead, on the same files in the same run. Each is optional: what cannot be installed is said so. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { runChild, type Ran } from "./child.ts";
import type { Cell, Measure } from "./measured.ts";

/** Of PyPI; pinned, so that two runs compare. */
const tools = { alembic: "1.20.1", "pytest-mrt": "1.9.1", "squawk-cli": "2.70.0" } as const;

/** A tool that takes longer has said enough. */
const limitSeconds = 180;

export interface Others {
  readonly alembic: Tool;
  readonly mrt: Tool;
  readonly squawk: Tool;
}

/** What to start; or why it is not there. */
type Tool = { readonly program: string } | { readonly missing: string };

export async function findOthers(folder: string, say: (message: string) => void): Promise<Others> {
  return {
    alembic: await install("alembic", "alembic", folder, say),
    mrt: await install("pytest-mrt", "mrt", folder, say),
    squawk: await install("squawk-cli", "squawk", folder, say),
  };
}

const missing = (error: unknown): { readonly missing: string } => ({
  missing: `not available: ${(error instanceof Error ? error.message : String(error)).split("\n")[0] ?? ""}`,
});

/** From PyPI, into an environment of its own. */
async function install(
  name: keyof typeof tools,
  program: string,
  folder: string,
  say: (message: string) => void,
): Promise<Tool> {
  const requirement = `${name}==${tools[name]}`;
  const environment = path.join(folder, `${name}-${tools[name]}`);
  const [bin, suffix] = process.platform === "win32" ? ["Scripts", ".exe"] : ["bin", ""];
  const inside = (one: string): string => path.join(environment, bin, `${one}${suffix}`);
  try {
    if (!existsSync(path.join(environment, "ready"))) {
      say(`installing ${requirement}`);
      await mkdir(folder, { recursive: true });
      await must(runChild(process.platform === "win32" ? "python" : "python3", ["-m", "venv", environment]));
      await must(
        runChild(inside("python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]),
      );
      await writeFile(path.join(environment, "ready"), "");
    }
    return { program: inside(program) };
  } catch (error) {
    return missing(error);
  }
}

async function must(running: Promise<Ran>): Promise<void> {
  const { code, err } = await running;
  if (code !== 0) throw new Error(err.trim().split("\n").at(-1) ?? "it failed");
}

/** `isExpected`: whether an exit code is an answer; a tool that found something also says so with its code. */
async function time(
  tool: Tool,
  parameters: readonly string[],
  cwd: string,
  isExpected: (ran: Ran) => boolean,
): Promise<Cell> {
  if ("missing" in tool) return tool;
  const ran = await runChild(tool.program, parameters, { cwd, limitSeconds });
  if (ran.code === null && ran.seconds >= limitSeconds) return { missing: `more than ${limitSeconds} s` };
  if (!isExpected(ran)) return { missing: `failed: ${ran.err.trim().split("\n").at(-1)?.slice(0, 120) ?? ""}` };
  return { seconds: ran.seconds, ...(ran.megabytes === undefined ? {} : { megabytes: ran.megabytes }) };
}

export async function measureOthers(others: Others, project: string, sql: string): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  const add = (what: string, cell: Cell): void => void measures.push({ group: "others", what, cell });
  const succeeded = ({ code, out }: Ran): boolean => code === 0 && out.trim() !== "";
  for (const command of ["heads", "history"]) {
    await removeCompiled(project);
    const ask = (): Promise<Cell> => time(others.alembic, [command], project, succeeded);
    add(`alembic ${command}, first time`, await ask());
    add(`alembic ${command}, compiled files kept`, await ask());
  }
  const versions = path.join(project, "migrations", "versions");
  // 0: nothing, 1: errors, 2: warnings.
  add(
    "pytest-mrt: mrt check",
    await time(others.mrt, ["check", versions], project, ({ code, out }) => (code ?? 9) <= 2 && out.trim() !== ""),
  );
  const files = (await readdir(sql)).map((name) => path.join(sql, name));
  add(
    "squawk, the same statements as .sql files",
    await time(others.squawk, files, project, ({ code, out }) => (code === 0 || code === 1) && out.trim() !== ""),
  );
  return measures;
}

async function removeCompiled(project: string): Promise<void> {
  await rm(path.join(project, "migrations", "versions", "__pycache__"), { recursive: true, force: true });
  await rm(path.join(project, "migrations", "__pycache__"), { recursive: true, force: true });
}
