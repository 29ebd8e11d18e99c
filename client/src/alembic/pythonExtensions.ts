/** Interpreters that the Python extensions have chosen for a folder. Neither extension is required. */
import * as vscode from "vscode";
import type { Interpreter } from "./candidates.ts";
import { t } from "../l10n.ts";

/** The parts of `ms-python.vscode-python-envs` that are used. */
interface EnvironmentsApi {
  readonly getEnvironment: (
    scope: vscode.Uri,
  ) => Promise<
    | { readonly execInfo?: { readonly run?: { readonly executable?: string; readonly args?: readonly string[] } } }
    | undefined
  >;
}

/** The parts of `ms-python.python` that are used. */
interface PythonApi {
  readonly environments: {
    readonly getActiveEnvironmentPath: (scope: vscode.Uri) => { readonly path?: string } | undefined;
    readonly resolveEnvironment: (
      environment: unknown,
    ) => Promise<{ readonly executable?: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** Errors of the extensions are told, and the look-up goes on without them. */
export const askPythonExtensions = async (
  folder: vscode.Uri,
  tell: (problem: string) => void,
): Promise<Interpreter[]> => {
  const found: Interpreter[] = [];
  for (const { id, ask } of extensions) {
    const extension = vscode.extensions.getExtension<unknown>(id);
    if (extension === undefined) continue;
    try {
      const interpreter = await ask(await extension.activate(), folder);
      if (interpreter !== undefined) found.push({ ...interpreter, from: t("extension {0}", id) });
    } catch (error) {
      tell(`The extension ${id} could not say which interpreter it uses: ${String(error)}`);
    }
  }
  return found;
};

type Found = Pick<Interpreter, "command" | "args"> | undefined;

const askEnvironments = async (api: unknown, folder: vscode.Uri): Promise<Found> => {
  if (!isEnvironmentsApi(api)) return undefined;
  const run = (await api.getEnvironment(folder))?.execInfo?.run;
  return run?.executable ? { command: run.executable, args: run.args ?? [] } : undefined;
};

const askPython = async (api: unknown, folder: vscode.Uri): Promise<Found> => {
  if (!isPythonApi(api)) return undefined;
  const chosen = api.environments.getActiveEnvironmentPath(folder);
  const resolved = chosen === undefined ? undefined : await api.environments.resolveEnvironment(chosen);
  const command = resolved?.executable?.uri?.fsPath;
  return command ? { command, args: [] } : undefined;
};

const extensions: readonly {
  readonly id: string;
  readonly ask: (api: unknown, folder: vscode.Uri) => Promise<Found>;
}[] = [
  { id: "ms-python.vscode-python-envs", ask: askEnvironments },
  { id: "ms-python.python", ask: askPython },
];

const isEnvironmentsApi = (api: unknown): api is EnvironmentsApi =>
  typeof api === "object" && api !== null && "getEnvironment" in api && typeof api.getEnvironment === "function";

const isPythonApi = (api: unknown): api is PythonApi =>
  typeof api === "object" && api !== null && "environments" in api && typeof api.environments === "object";
