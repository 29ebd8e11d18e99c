/** The command lines that Retort gives to Alembic. */
import path from "node:path";

export interface AlembicProject {
  /** Path of `alembic.ini` or `pyproject.toml`. */
  readonly config: string;
  readonly section: string;
  /** What env.py gets by `-x`: `tenant=one`. */
  readonly arguments?: readonly string[];
}

/**
 * What the program that is started takes: `python` wants a module, `alembic` is Alembic itself, perhaps in a container with
 * another file system, and `flask` is Flask-Migrate, which knows its own config.
 */
export type Speaks = "python" | "alembic" | "flask";

const defaultSection = "alembic";

/** Alembic looks for these by itself in the folder where it runs. */
const foundByItself: ReadonlySet<string> = new Set(["alembic.ini", "pyproject.toml"]);

export const alembicArguments = (
  project: AlembicProject,
  command: readonly string[],
  speaks: Speaks = "python",
): string[] => {
  const extra = (project.arguments ?? []).flatMap((one) => ["-x", one]);
  const section = project.section === defaultSection ? [] : ["-n", project.section];
  switch (speaks) {
    case "python":
      return ["-m", "alembic", "-c", project.config, ...section, ...extra, ...command];
    case "alembic": {
      const name = path.basename(project.config);
      return [...(foundByItself.has(name) ? [] : ["-c", name]), ...section, ...extra, ...command];
    }
    case "flask":
      return flaskArguments(command, extra, path.basename(path.dirname(project.config)));
  }
};

/** Flask-Migrate has another word for autogeneration, and takes `-x` behind the commands that run env.py. */
const flaskArguments = (
  [name = "", ...rest]: readonly string[],
  extra: readonly string[],
  folder: string,
): string[] => {
  const directory = folder === "migrations" ? [] : ["-d", folder];
  if (name === "revision" && rest.includes("--autogenerate"))
    return ["migrate", ...directory, ...extra, ...rest.filter((word) => word !== "--autogenerate")];
  return [name, ...directory, ...(name === "upgrade" || name === "downgrade" ? extra : []), ...rest];
};

/** For the log and for people who want to repeat it. */
export const renderCommand = (program: string, args: readonly string[]): string =>
  [program, ...args].map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");

/** `tenant=one data=true`; a value with spaces stands in quotes. */
export const parseArguments = (text: string): string[] =>
  (text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', "")).filter((word) => word !== "");

/** What `parseArguments` reads again. */
export const renderArguments = (values: readonly string[]): string =>
  values.map((one) => (/\s/.test(one) ? `"${one}"` : one)).join(" ");
