import { parseArgs, type ParseArgsConfig } from "node:util";
import { listRefactorings } from "../refactorings/offers.ts";
import { dialects, type Dialect } from "../sql/action.ts";
import { formats, type Format } from "./formats/names.ts";
import type { FailOn } from "./report.ts";
import { UsageError } from "./io.ts";
import { readSpan, takeChanged, type Span } from "./span.ts";

export type Command =
  | {
      readonly name: "check";
      readonly paths: readonly string[];
      readonly format: Format;
      /** Where the answer goes; undefined: to standard output. */
      readonly output?: string;
      readonly dialect?: Dialect;
      readonly failOn: FailOn;
      /** What is judged; undefined: as the settings say. */
      readonly span?: Span;
      /** Whether what an earlier run has found may be told again where nothing has changed. */
      readonly cache: boolean;
    }
  | {
      readonly name: "split";
      readonly file: string;
      readonly mode: "show" | "diff" | "write";
      /** Write also where others may have run the revision. */
      readonly evenPublished: boolean;
      /** A URL, or `config`: what has run is asked of it. */
      readonly database?: string;
      readonly dialect?: Dialect;
    }
  | {
      readonly name: "refactor";
      readonly id: string;
      readonly file: string;
      /** Counted from 1. */
      readonly line?: number;
      readonly mode: "show" | "diff" | "write";
      readonly evenPublished: boolean;
      readonly database?: string;
      readonly dialect?: Dialect;
    }
  | {
      readonly name: "fix";
      readonly paths: readonly string[];
      /** Ids of rules; none: every rule. */
      readonly only: readonly string[];
      readonly mode: "show" | "diff" | "write";
      readonly dialect?: Dialect;
    }
  | { readonly name: "inspect"; readonly file: string; readonly dialect?: Dialect }
  | {
      readonly name: "schema";
      /** As Alembic names revisions, or two of them with `..` between. */
      readonly revision: string;
      readonly format: "sql" | "json";
      readonly project: string;
      readonly dialect?: Dialect;
    }
  | {
      readonly name: "review";
      /** Empty: the working directory where there is a span, else what is at the heads. */
      readonly paths: readonly string[];
      readonly span?: Span;
      readonly format: "pretty" | "markdown";
      readonly dialect?: Dialect;
    }
  | {
      readonly name: "stats";
      /** A URL as SQLAlchemy has them; absent: by a variable of the environment. */
      readonly database?: string;
      /** The file to write; absent: standard output. */
      readonly output?: string;
    }
  | { readonly name: "explain"; readonly rule: string }
  | { readonly name: "lsp" }
  | { readonly name: "help" }
  | { readonly name: "version" };

const help = { type: "boolean", short: "h" } as const;
const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** @throws UsageError in words that name the argument. */
function parse<const O extends NonNullable<ParseArgsConfig["options"]>>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node explains at length how to pass an argument that begins with a dash.
    throw new UsageError(message.split(/\. (?:To specify|Did you)/)[0]?.replace(/\.$/, "") ?? message);
  }
}

function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${option} must be one of ${allowed.join(", ")}, not "${value}"`);
  return found;
}

const readDialect = (value: string | undefined): { readonly dialect?: Dialect } =>
  value === undefined ? {} : { dialect: oneOf("dialect", value, dialects) };

function only(positionals: readonly string[], what: string, command: string): string {
  const [one, second] = positionals;
  if (one === undefined) throw new UsageError(`${command} needs a ${what}`);
  if (second !== undefined) throw new UsageError(`${command} takes one ${what}, and "${second}" is a second`);
  return one;
}

function parseCheck(argv: readonly string[]): Command {
  const [rest, changed] = takeChanged(argv);
  const { values, positionals } = parse(rest, {
    ...{ format: text, dialect: text, "fail-on": text, "no-cache": flag, since: text, all: flag, output: text, help },
  });
  if (values.help === true) return { name: "help" };
  return {
    name: "check",
    ...readSpan(changed, values),
    cache: values["no-cache"] !== true,
    paths: positionals.length === 0 ? ["."] : positionals,
    format: oneOf("format", values.format ?? "pretty", formats),
    ...(values.output === undefined ? {} : { output: values.output }),
    failOn: oneOf("fail-on", values["fail-on"] ?? "error", ["error", "warning", "information", "never"]),
    ...readDialect(values.dialect),
  };
}

interface Shown {
  readonly diff?: boolean | undefined;
  readonly write?: boolean | undefined;
}

function modeOf({ diff, write }: Shown): "show" | "diff" | "write" {
  if (diff === true && write === true) throw new UsageError("--diff and --write exclude each other");
  return write === true ? "write" : diff === true ? "diff" : "show";
}

/** Of what changes revisions. */
const changing = { diff: flag, write: flag, published: flag, database: text, dialect: text, help } as const;

function parseSplit(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, changing);
  if (values.help === true) return { name: "help" };
  const mode = modeOf(values);
  return {
    name: "split",
    file: only(positionals, "FILE", "split"),
    mode,
    evenPublished: values.published === true,
    ...(values.database === undefined ? {} : { database: values.database }),
    ...readDialect(values.dialect),
  };
}

function parseRefactor(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, changing);
  if (values.help === true) return { name: "help" };
  const mode = modeOf(values);
  const [id, ...files] = positionals;
  if (id === undefined) throw new UsageError(`refactor needs a REFACTORING and a FILE; ${listRefactorings()}`);
  const place = only(files, "FILE", "refactor");
  const [, file = place, line] = /^(.+):(\d+)$/.exec(place) ?? [];
  return {
    name: "refactor",
    id,
    file,
    ...(line === undefined ? {} : { line: Number(line) }),
    mode,
    evenPublished: values.published === true,
    ...(values.database === undefined ? {} : { database: values.database }),
    ...readDialect(values.dialect),
  };
}

function parseFix(argv: readonly string[]): Command {
  const rule = { type: "string", multiple: true } as const;
  const { values, positionals } = parse(argv, { rule, diff: flag, write: flag, dialect: text, help });
  if (values.help === true) return { name: "help" };
  return {
    name: "fix",
    paths: positionals.length === 0 ? ["."] : positionals,
    only: values.rule ?? [],
    mode: modeOf(values),
    ...readDialect(values.dialect),
  };
}

function parseInspect(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, { format: text, dialect: text, help });
  if (values.help === true) return { name: "help" };
  oneOf("format", values.format ?? "json", ["json"]);
  return { name: "inspect", file: only(positionals, "FILE", "inspect"), ...readDialect(values.dialect) };
}

/** `-1` is a revision, as Alembic names them, and no option. */
const isSteps = (argument: string): boolean => /^-\d+$/.test(argument);

function parseSchema(argv: readonly string[]): Command {
  const options = argv.filter((argument) => !isSteps(argument));
  const { values, positionals: named } = parse(options, { format: text, project: text, dialect: text, help });
  const positionals = [...named, ...argv.filter(isSteps)];
  if (values.help === true) return { name: "help" };
  return {
    name: "schema",
    revision: positionals.length === 0 ? "heads" : only(positionals, "REVISION", "schema"),
    format: oneOf("format", values.format ?? "sql", ["sql", "json"]),
    project: values.project ?? ".",
    ...readDialect(values.dialect),
  };
}

function parseReview(argv: readonly string[]): Command {
  const [rest, changed] = takeChanged(argv);
  const { values, positionals } = parse(rest, { format: text, dialect: text, since: text, help });
  if (values.help === true) return { name: "help" };
  return {
    name: "review",
    ...readSpan(changed, values),
    paths: positionals,
    format: oneOf("format", values.format ?? "pretty", ["pretty", "markdown"]),
    ...readDialect(values.dialect),
  };
}

function parseStats(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, { database: text, output: text, help });
  if (values.help === true) return { name: "help" };
  // It may be a URL with a password, which is not to be said again.
  if (positionals.length > 0)
    throw new UsageError("stats takes the database's URL as --database URL, and nothing else");
  return {
    name: "stats",
    ...(values.database === undefined ? {} : { database: values.database }),
    ...(values.output === undefined ? {} : { output: values.output }),
  };
}

function parseExplain(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, { help });
  return values.help === true ? { name: "help" } : { name: "explain", rule: only(positionals, "RULE", "explain") };
}

function parseLsp(argv: readonly string[]): Command {
  // Editors add the id of their own process, which the server reads for itself.
  const { values, positionals } = parse(argv, { stdio: flag, clientProcessId: text, help });
  if (values.help === true) return { name: "help" };
  if (positionals[0] !== undefined) throw new UsageError(`lsp takes no "${positionals[0]}"`);
  if (values.stdio !== true) throw new UsageError("lsp needs --stdio");
  return { name: "lsp" };
}

const parsers: Readonly<Record<string, (argv: readonly string[]) => Command>> = {
  check: parseCheck,
  split: parseSplit,
  refactor: parseRefactor,
  fix: parseFix,
  inspect: parseInspect,
  schema: parseSchema,
  review: parseReview,
  stats: parseStats,
  explain: parseExplain,
  lsp: parseLsp,
};

/** @throws UsageError */
export function parseCommand(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  if (name === undefined) throw new UsageError("a command is missing");
  if (name === "--help" || name === "-h" || name === "help") return { name: "help" };
  if (name === "--version" || name === "-V") return { name: "version" };
  const parser = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (parser === undefined) throw new UsageError(`there is no command "${name}"`);
  return parser(rest);
}
