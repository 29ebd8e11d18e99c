/** What it takes to run a project's own Alembic: interpreter, config file, environment. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import type { DatabaseSources } from "../database/sources.ts";
import type { Log } from "../log.ts";
import type { Memory } from "../memory.ts";
import { readSettings } from "../settings.ts";
import type { AlembicProject } from "./arguments.ts";
import { interpreterCandidates } from "./candidates.ts";
import { renderInterpreter, verifyFirst, type InterpreterFound, type VerifiedInterpreter } from "./interpreter.ts";
import { askPythonExtensions } from "./pythonExtensions.ts";
import { isVirtual } from "../virtual.ts";

export interface Tools {
  readonly interpreter: VerifiedInterpreter;
  readonly project: AlembicProject;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export type ToolsFound =
  | { readonly kind: "tools"; readonly tools: Tools }
  | { readonly kind: "restricted" }
  | { readonly kind: "virtual" }
  | { readonly kind: "noConfig" }
  | { readonly kind: "noInterpreter"; readonly tried: readonly string[] };

export interface Toolchain {
  readonly find: (project: ProjectNode) => Promise<ToolsFound>;
  /** After a change of settings, of environments, or on request: look again. */
  readonly forget: () => void;
}

export const createToolchain = (sources: DatabaseSources, memory: Memory, log: Log): Toolchain => {
  const found = new Map<string, VerifiedInterpreter>();
  /** Only what was found is kept: whoever installs Alembic after a failure expects the next attempt to work. */
  const interpreterFor = async (project: ProjectNode, environment: NodeJS.ProcessEnv): Promise<InterpreterFound> => {
    const known = found.get(project.id);
    if (known !== undefined && (!path.isAbsolute(known.command) || existsSync(known.command)))
      return { found: known, tried: [] };
    const answer = await findInterpreter(project, environment, log);
    if (answer.found !== undefined) found.set(project.id, answer.found);
    return answer;
  };
  return {
    find: async (project) => {
      // The last door before a program of the workspace runs; buttons and menus are hidden too, but not trusted.
      if (!vscode.workspace.isTrusted) return { kind: "restricted" };
      if (isVirtual(project)) return { kind: "virtual" };
      if (project.configUri === undefined) return { kind: "noConfig" };
      const environment = await sources.environmentOf(project);
      const { found: interpreter, tried } = await interpreterFor(project, environment);
      if (interpreter === undefined) return { kind: "noInterpreter", tried };
      const tools: Tools = {
        interpreter,
        project: {
          config: vscode.Uri.parse(project.configUri).fsPath,
          section: project.section,
          arguments: await memory.recallArguments(project),
        },
        folder: vscode.Uri.parse(project.folderUri).fsPath,
        environment,
      };
      return { kind: "tools", tools };
    },
    forget: () => {
      found.clear();
    },
  };
};

const findInterpreter = async (
  project: ProjectNode,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<InterpreterFound> => {
  const folder = vscode.Uri.parse(project.folderUri);
  const { python: setting, alembicCommand } = readSettings(folder);
  const candidates = interpreterCandidates({
    setting,
    alembicCommand,
    fromExtensions: setting === "" && alembicCommand.length === 0 ? await askPythonExtensions(folder, log.warn) : [],
    folder: folder.fsPath,
    workspaceFolder: vscode.workspace.getWorkspaceFolder(folder)?.uri.fsPath,
    platform: process.platform,
    home: homedir(),
    exists: existsSync,
  });
  const answer = await verifyFirst(candidates, folder.fsPath, environment);
  for (const attempt of answer.tried) log.warn(`Interpreter for ${project.name}: ${attempt}`);
  if (answer.found !== undefined)
    log.info(
      `Interpreter for ${project.name}: ${renderInterpreter(answer.found)}, Alembic ${answer.found.alembicVersion}`,
    );
  return answer;
};
