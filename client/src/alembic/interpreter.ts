/** Finds an interpreter that can run Alembic, and proves it. */
import { execFile } from "node:child_process";
import type { Speaks } from "./arguments.ts";
import type { Interpreter } from "./candidates.ts";
import { t } from "../l10n.ts";

export interface VerifiedInterpreter extends Interpreter {
  readonly alembicVersion: string;
  /** The Python that runs in the end, where a runner starts it. */
  readonly executable?: string;
}

export type InterpreterFound =
  | { readonly found: VerifiedInterpreter; readonly tried: readonly string[] }
  /** One sentence per attempt: what was tried, and why it will not do. */
  | { readonly found?: never; readonly tried: readonly string[] };

const proof = "import alembic, sys; print(sys.executable); print(alembic.__version__)";

/** Only for this look-up, which changes nothing; a migration is never stopped by a clock. */
const proofTimeout = 30_000;

export const verifyFirst = async (
  candidates: readonly Interpreter[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<InterpreterFound> => {
  const tried: string[] = [];
  for (const candidate of candidates) {
    const answer = await prove(candidate, folder, environment);
    if ("version" in answer) {
      const { version, executable } = answer;
      return { found: { ...candidate, alembicVersion: version, ...(executable ? { executable } : {}) }, tried };
    }
    tried.push(`${renderInterpreter(candidate)}: ${answer.reason}`);
  }
  return { tried: tried.length > 0 ? tried : [t("No interpreter was found to try.")] };
};

export const renderInterpreter = ({ command, args, from }: Interpreter): string =>
  t("{0} (from {1})", [command, ...args].join(" "), from);

type Proof = { readonly version: string; readonly executable?: string } | { readonly reason: string };

/** Questions that change nothing, and how their answers are read. */
const proofs: Record<Speaks, { readonly args: readonly string[]; readonly read: (stdout: string) => Proof }> = {
  python: {
    args: ["-c", proof],
    read: (stdout) => {
      const [executable, version] = stdout.trim().split(/\r?\n/).slice(-2);
      return version === undefined
        ? { version: executable ?? "" }
        : { version, ...(executable === undefined ? {} : { executable }) };
    },
  },
  alembic: { args: ["--version"], read: (stdout) => ({ version: stdout.trim().replace(/^alembic /, "") }) },
  flask: { args: ["--help"], read: (stdout) => ({ version: stdout === "" ? "" : "of Flask-Migrate" }) },
};

const prove = (
  { command, args, speaks = "python", folder }: Interpreter,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Proof> =>
  new Promise((resolve) => {
    const { args: question, read } = proofs[speaks];
    execFile(
      command,
      [...args, ...question],
      { cwd: folder ?? cwd, env, timeout: proofTimeout },
      (error, stdout, stderr) => {
        const answer = read(stdout);
        const isGood = error === null && "version" in answer && answer.version !== "";
        resolve(isGood ? answer : { reason: explain(error, stderr) });
      },
    );
  });

const explain = (error: (Error & { code?: unknown; killed?: boolean }) | null, stderr: string): string => {
  if (error?.code === "ENOENT") return t("there is no such program.");
  if (error?.code === "EACCES") return t("it may not be run.");
  if (error?.killed) return t("it did not answer within {0} seconds.", proofTimeout / 1000);
  if (/No module named '?alembic/.test(stderr)) return t("Alembic is not installed there.");
  if (/has no attribute '__version__'/.test(stderr))
    return t("Alembic is not installed there; a folder named alembic was found in its place.");
  return stderr.trim().split(/\r?\n/).at(-1) ?? error?.message ?? t("it failed without saying why.");
};
