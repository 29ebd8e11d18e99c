/** The command lines that Retort gives to Alembic. */
export interface AlembicProject {
  /** Path of `alembic.ini` or `pyproject.toml`. */
  readonly config: string;
  readonly section: string;
}

const defaultSection = "alembic";

export const alembicArguments = (project: AlembicProject, command: readonly string[]): string[] => [
  "-m",
  "alembic",
  "-c",
  project.config,
  ...(project.section === defaultSection ? [] : ["-n", project.section]),
  ...command,
];

/** For the log and for people who want to repeat it. */
export const renderCommand = (program: string, args: readonly string[]): string =>
  [program, ...args].map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
