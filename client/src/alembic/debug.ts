/** How debugpy runs the project's own Alembic. */
import type { RevisionNode } from "../../../server/src/protocol/index.ts";
import { alembicArguments } from "./arguments.ts";
import type { Tools } from "./toolchain.ts";
import { shortId } from "./wording.ts";
import { t } from "../l10n.ts";

export interface DebugConfiguration {
  readonly type: "debugpy";
  readonly request: "launch";
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  readonly python: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly console: "internalConsole";
  /** Libraries too: what is wrong with a migration often shows in SQLAlchemy. */
  readonly justMyCode: false;
}

/** A sentence where it cannot be: the debugger wants a Python of this machine. */
export const debugConfiguration = (
  { interpreter, project, folder, environment }: Tools,
  revision: RevisionNode,
): DebugConfiguration | string => {
  if ((interpreter.speaks ?? "python") !== "python")
    return t(
      "A revision can be debugged where Retort runs Python itself, and retort.alembicCommand names another program.",
    );
  const [, module = "alembic", ...args] = alembicArguments(project, ["upgrade", revision.id]);
  const python = interpreter.executable ?? interpreter.command;
  // The editor's own variables are there anyway.
  const own = Object.entries(environment).filter(([name, value]) => value !== undefined && process.env[name] !== value);
  return {
    ...{
      type: "debugpy",
      request: "launch",
      name: t("Debug {0}", shortId(revision.id)),
      module,
      args,
      python,
      cwd: folder,
    },
    env: Object.fromEntries(own.map(([name, value]) => [name, value ?? ""])),
    console: "internalConsole",
    justMyCode: false,
  };
};
