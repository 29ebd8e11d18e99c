/** Which interpreters are tried for a project, in which order. */
import path from "node:path";
import type { Speaks } from "./arguments.ts";
import { t } from "../l10n.ts";

export interface Interpreter {
  readonly command: string;
  /** Before Alembic's own arguments: `-3` for Windows' launcher. */
  readonly args: readonly string[];
  /** In words: where it was found. */
  readonly from: string;
  /** `python` where it does not say. */
  readonly speaks?: Speaks;
  /** Where it runs, if not in the folder of the config file: Flask looks for the application there. */
  readonly folder?: string;
  /** It starts another program, which a signal to it alone would not reach: `uv run`, `docker compose exec`. */
  readonly isRunner?: true;
}

export interface Surroundings {
  readonly setting: string;
  /** The setting `retort.alembicCommand`: program and arguments; empty: none. */
  readonly alembicCommand?: readonly string[];
  /** Interpreters that Python extensions name, the preferred first. */
  readonly fromExtensions: readonly Interpreter[];
  /** Folder of the config file. */
  readonly folder: string;
  /** The look-up for virtual environments goes no higher. */
  readonly workspaceFolder: string | undefined;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly exists: (file: string) => boolean;
}

export const environmentFolders = [".venv", "venv"] as const;

/** A setting stands alone: whoever names an interpreter does not want another one to run in its place. */
export const interpreterCandidates = (around: Surroundings): Interpreter[] => {
  const [command, ...args] = around.alembicCommand ?? [];
  if (command !== undefined) return [commandOf(around, command, args)];
  if (around.setting !== "")
    return [{ command: expand(around.setting, around), args: [], from: t("the setting {0}", "retort.python") }];
  return [
    ...around.fromExtensions,
    ...fromEnvironments(around),
    ...fromLockFiles(around),
    ...fromPath(around.platform),
  ];
};

const commandOf = ({ folder }: Surroundings, command: string, args: readonly string[]): Interpreter => {
  const speaks = languageOf([command, ...args]);
  return {
    ...{ command, args, from: t("the setting {0}", "retort.alembicCommand"), speaks, isRunner: true },
    // `flask db init` puts the config into a folder of its own beside the application.
    ...(speaks === "flask" ? { folder: path.dirname(folder) } : {}),
  };
};

/** `flask db` and `flask --app shop db` are Flask-Migrate; everything else takes Alembic's own arguments. */
const languageOf = (words: readonly string[]): Speaks =>
  words.at(-1) === "db" && words.some((word) => /^flask(\.exe)?$/.test(path.basename(word))) ? "flask" : "alembic";

/** A lock file says which tool keeps the environment, wherever that lies. No package is installed on the way. */
const lockFiles: readonly { readonly file: string; readonly command: string; readonly args: readonly string[] }[] = [
  { file: "uv.lock", command: "uv", args: ["run", "--no-sync", "python"] },
  { file: "poetry.lock", command: "poetry", args: ["run", "python"] },
  { file: "pixi.lock", command: "pixi", args: ["run", "--frozen", "--no-install", "python"] },
];

const fromLockFiles = (around: Surroundings): Interpreter[] =>
  foldersUpwards(around.folder, around.workspaceFolder).flatMap((folder) =>
    lockFiles
      .filter(({ file }) => around.exists(path.join(folder, file)))
      .map(({ file, command, args }) => ({ command, args, from: path.join(folder, file), isRunner: true as const })),
  );

/** A bare name is looked up on the PATH; a folder is taken as a virtual environment. */
const expand = (setting: string, around: Surroundings): string => {
  if (!/[\\/]/.test(setting)) return setting;
  const inHome = setting.replace(/^~(?=[\\/])/, around.home);
  const full = path.resolve(around.workspaceFolder ?? around.folder, inHome);
  const inside = pythonIn(full, around.platform);
  return around.exists(inside) ? inside : full;
};

const pythonIn = (environment: string, platform: NodeJS.Platform): string =>
  platform === "win32" ? path.join(environment, "Scripts", "python.exe") : path.join(environment, "bin", "python");

const fromEnvironments = (around: Surroundings): Interpreter[] =>
  foldersUpwards(around.folder, around.workspaceFolder)
    .flatMap((folder) => environmentFolders.map((name) => path.join(folder, name)))
    .map((environment) => ({ environment, command: pythonIn(environment, around.platform) }))
    .filter(({ command }) => around.exists(command))
    .map(({ environment, command }) => ({ command, args: [], from: environment }));

const foldersUpwards = (folder: string, top: string | undefined): string[] => {
  const folders = [folder];
  if (top === undefined || path.relative(top, folder).startsWith("..")) return folders;
  for (let current = folder; path.relative(top, current) !== "" && path.dirname(current) !== current;) {
    current = path.dirname(current);
    folders.push(current);
  }
  return folders;
};

const fromPath = (platform: NodeJS.Platform): Interpreter[] =>
  (platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]]).map(([command = "", ...args]) => ({
    command,
    args,
    from: "PATH",
  }));
