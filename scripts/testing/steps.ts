/** The steps of `npm test`, and how each tells what it counted. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { exited, type Scope } from "../host/scope.ts";
import { root } from "../host/paths.ts";

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export interface Step {
  readonly name: string;
  readonly title: string;
  /** Program and parameters; `RESULTS` stands for the path of the file that the step writes its counts to. */
  readonly command: readonly string[];
}

export const results = path.join(root, "test-results");

const RESULTS = "RESULTS";
const node = (...parameters: readonly string[]): readonly string[] => [process.execPath, ...parameters];
const script = (name: string, ...parameters: readonly string[]): readonly string[] =>
  node("--import", "tsx", path.join(root, name), ...parameters);
const vitest = (project: string): readonly string[] =>
  node(
    path.join(root, "node_modules", "vitest", "vitest.mjs"),
    ...["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`],
  );

export const steps: readonly Step[] = [
  { name: "fast", title: "Engine, language server and command line", command: vitest("fast") },
  { name: "slow", title: "Real PostgreSQL, real Alembic, and npm start", command: vitest("slow") },
  { name: "editor", title: "The extension inside VS Code", command: script("test/vscode/run-suite.ts", RESULTS) },
  { name: "journey", title: "A person's way through VS Code", command: script("test/vscode/journey.ts", RESULTS) },
];

/** Runs a step to its end; a step that ends badly without saying what failed counts as one failure. */
export async function runStep(scope: Scope, step: Step): Promise<Count> {
  mkdirSync(results, { recursive: true });
  const file = path.join(results, `${step.name}.json`);
  rmSync(file, { force: true });
  const [program = "", ...parameters] = step.command.map((part) => part.replace(RESULTS, file));
  const child = scope.spawn(program, parameters, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, RETORT_BUILT: "1" },
  });
  child.once("error", (error) => console.error(error.message));
  const code = await exited(child);
  const count = readCount(file);
  if (count === undefined) return { passed: 0, failed: 1 };
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** Vitest's JSON report and ours have these two numbers under different names. */
function readCount(file: string): Count | undefined {
  if (!existsSync(file)) return undefined;
  const report = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
  const number = (...names: readonly string[]): number | undefined =>
    names.map((name) => report[name]).find((value): value is number => typeof value === "number");
  const passed = number("passed", "numPassedTests");
  const failed = number("failed", "numFailedTests");
  return passed === undefined || failed === undefined ? undefined : { passed, failed };
}
