import * as vscode from "vscode";

/** What a person chose for the folder of a project. */
export interface ClientSettings {
  readonly python: string;
  /** Program and arguments that take the place of `python -m alembic`; empty: none. */
  readonly alembicCommand: readonly string[];
  readonly databaseUrl: string;
  /** Variables that Alembic gets in addition to the editor's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly confirmDowngrade: "always" | "otherMachines";
  /** Databases that are not for development, whoever listed them: a person, a team, a machine. */
  readonly protectedDatabases: readonly string[];
  /** Nothing that changes a database runs. */
  readonly readOnly: boolean;
}

export const section = "retort";

export const readSettings = (scope: vscode.Uri): ClientSettings => {
  const configuration = vscode.workspace.getConfiguration(section, scope);
  const word = (key: string): string => substitute(String(configuration.get(key) ?? ""), scope);
  return {
    python: word("python"),
    alembicCommand: readWords(configuration.get("alembicCommand"), scope),
    databaseUrl: word("databaseUrl"),
    environment: readVariables(configuration.get("environment"), scope),
    confirmDowngrade: configuration.get("confirmDowngrade") === "otherMachines" ? "otherMachines" : "always",
    protectedDatabases: atEveryLevel(configuration, "protectedDatabases").flatMap((value) => readWords(value, scope)),
    readOnly: atEveryLevel(configuration, "readOnly").includes(true),
  };
};

/** A protection that one level sets is not taken away by another: a repository cannot lift what a person has forbidden. */
const atEveryLevel = (configuration: vscode.WorkspaceConfiguration, key: string): unknown[] => {
  const levels = configuration.inspect<unknown>(key);
  const own = vscode.workspace.isTrusted ? [levels?.workspaceValue, levels?.workspaceFolderValue] : [];
  return [levels?.globalValue, ...own];
};

const readWords = (value: unknown, scope: vscode.Uri): string[] =>
  Array.isArray(value) ? value.map((one) => substitute(String(one), scope)).filter((one) => one !== "") : [];

const readVariables = (value: unknown, scope: vscode.Uri): Record<string, string> =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, substitute(String(text), scope)]))
    : {};

const substitute = (text: string, scope: vscode.Uri): string =>
  text
    .trim()
    .replaceAll("${workspaceFolder}", vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath ?? scope.fsPath)
    .replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => process.env[name] ?? "");
