/** What the tests inside VS Code share: where things are, and patience. */
import assert from "node:assert/strict";
import path from "node:path";
import pg from "pg";
import * as vscode from "vscode";

const environment = (name: string): string => {
  const value = process.env[name];
  assert(value !== undefined, `${name} is not set: start this suite with run-suite.ts`);
  return value;
};

export const places = {
  shop: () => environment("RETORT_SUITE_SHOP"),
  database: () => environment("RETORT_SUITE_DATABASE"),
  production: () => environment("RETORT_SUITE_PRODUCTION"),
  /** Of the project that commands may change as they like. */
  lab: () => environment("RETORT_SUITE_LAB"),
  /** An interpreter that has Alembic. */
  python: () => environment("RETORT_SUITE_PYTHON"),
  /** The workspace folder. */
  workspace: () => path.dirname(environment("RETORT_SUITE_SHOP")),
};

export const revisions = {
  standing: "9e0a3c7d5b84",
  next: "4c8d2e6f1a90",
  mixed: "b1f7e5a3c092",
  head: "5a3f0b8e7c29",
} as const;

export const mixedFile = (): vscode.Uri => fileOf("b1f7e5a3c092_give_users_a_full_name.py");
export const fileOf = (name: string): vscode.Uri =>
  vscode.Uri.file(path.join(places.shop(), "migrations", "versions", name));

/** What a row of the tree hands to a command. */
export const row = (revision?: string, project = places.shop()): unknown => ({
  projectId: path.join(project, "alembic.ini"),
  ...(revision === undefined ? {} : { revision: { id: revision } }),
});

/**
 * Asks again and again until the answer is not `undefined`. The editor works in its own time: what a test waits for is
 * an effect, never a delay.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  milliseconds = 30_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const holds = (
  what: string,
  condition: () => boolean | Promise<boolean>,
  milliseconds?: number,
): Promise<true> => eventually(what, async () => ((await condition()) ? true : undefined), milliseconds);

export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

export const findingsIn = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === "retort");

export const codeOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === "object" ? code.value : code);

export const mixedIn = (uri: vscode.Uri, about = ""): vscode.Diagnostic | undefined =>
  findingsIn(uri).find((one) => codeOf(one) === "mixed-schema-and-data" && one.message.includes(about));

/** Closes every editor; what was typed and not saved is thrown away. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((one) => one.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Where Alembic's own table says that the database stands. */
export async function standing(url = places.database()): Promise<string> {
  const rows = await query(url, "SELECT version_num FROM alembic_version");
  return rows.map((one) => String(one["version_num"])).join(", ");
}

/**
 * Starts a command and does not wait for it: one that ends with a message waits for somebody to read it, and nobody
 * does here.
 */
export function start(command: string, ...parameters: readonly unknown[]): void {
  vscode.commands
    .executeCommand(command, ...parameters)
    .then(undefined, (error: unknown) => console.log(command, error));
}
