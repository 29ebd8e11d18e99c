/** What a task of the type "alembic" says, and what it does to a database. */
export interface AlembicTask {
  /** As on a command line, without `alembic`: `["upgrade", "head"]`. */
  readonly command: readonly string[];
  /** Path of the config file, where the workspace has several projects. */
  readonly config?: string;
}

/** Undefined where the definition is none that runs: it comes from a file of the workspace. */
export const readTask = (definition: Readonly<Record<string, unknown>>): AlembicTask | undefined => {
  const { command, config } = definition;
  const words = typeof command === "string" ? command.split(/\s+/) : Array.isArray(command) ? command : [];
  const texts = words.filter((word): word is string => typeof word === "string" && word !== "");
  if (texts.length === 0 || texts.length !== words.filter((word) => word !== "").length) return undefined;
  // Options before the command would lead to another config, and past every question.
  if (!commands.has(texts[0] ?? "")) return undefined;
  return { command: texts, ...(typeof config === "string" && config !== "" ? { config } : {}) };
};

const commands: ReadonlySet<string> = new Set([
  ...["branches", "check", "current", "downgrade", "ensure_version", "heads", "history", "merge", "revision", "show"],
  ...["stamp", "upgrade"],
]);

export type Effect = "upgrade" | "downgrade" | "stamp" | "ensureVersion";

/** What is asked about before it runs; undefined: the database is left as it is. */
export const effectOf = ([name = "", ...rest]: readonly string[]): Effect | undefined => {
  // argparse takes the beginning of an option for the option.
  if (rest.some((word) => word === "--sql" || /^--s(q(l)?)?$/.test(word))) return undefined;
  switch (name) {
    case "upgrade":
    case "downgrade":
    case "stamp":
      return name;
    case "ensure_version":
      return "ensureVersion";
    default:
      return undefined;
  }
};

/** The revision that an upgrade, a downgrade or a stamp leads to: the first word that is no option. */
export const targetOf = ([, ...rest]: readonly string[]): string =>
  rest.find((word) => !word.startsWith("-") || /^-\d+$/.test(word)) ?? "";

/** One line in the form of compilers, for the problem matcher `$alembic`. */
export const renderProblemLine = (
  place: { readonly file: string; readonly line: number } | undefined,
  reason: string,
): string =>
  place === undefined
    ? `error: ${reason}`
    : `${place.file}:${String(place.line)}: error: ${reason.replaceAll(/\s+/g, " ")}`;
