/** What `env.py` says of the way that migrations run, as far as its text tells. */
import type { Dialect } from "../sql/action.ts";
import { dialectOfPython } from "./dialect.ts";
import { codeOnly, keywordArguments } from "./python-text.ts";

export interface Environment {
  readonly importsAlembic: boolean;
  /** Keywords of `context.configure(…)`, of whichever call has them; a value that is no literal counts as not given. */
  readonly transactionPerMigration: boolean;
  readonly renderAsBatch: boolean;
  readonly versionTable?: string;
  readonly versionTableSchema?: string;
  /** Names of environment variables that it reads, for saying where a URL may come from. */
  readonly variables: readonly string[];
  readonly dialect?: Dialect;
}

/** Reads the text of an `env.py`; never throws. */
export function readEnvironment(text: string): Environment {
  const code = codeOnly(text);
  const calls = [...code.matchAll(/\bconfigure\s*\(/g)].map(
    (call) => new Map(keywordArguments(text, code, call.index + call[0].length)),
  );
  // With a connection it is the call that migrates a server; the other only prints SQL.
  const online = calls.filter((keywords) => keywords.has("connection"));
  const isTrue = (name: string): boolean =>
    (online.length > 0 ? online : calls).some((keywords) => keywords.get(name) === "True") ||
    isSetTrue(name, text, code);
  const string = (name: string): string | undefined =>
    calls.map((keywords) => stringOf(keywords.get(name), text)).find((value) => value !== undefined);
  const versionTable = string("version_table");
  const versionTableSchema = string("version_table_schema");
  const dialect = dialectOfPython(text);
  return {
    importsAlembic: /^[ \t]*(?:from|import)[ \t]+alembic\b/m.test(code),
    transactionPerMigration: isTrue("transaction_per_migration"),
    renderAsBatch: isTrue("render_as_batch"),
    ...(versionTable === undefined ? {} : { versionTable }),
    ...(versionTableSchema === undefined ? {} : { versionTableSchema }),
    variables: variablesOf(text),
    ...(dialect === undefined ? {} : { dialect }),
  };
}

/** Put into a dictionary that becomes the keywords: `{"render_as_batch": True}`, `options["render_as_batch"] = True`. */
function isSetTrue(name: string, text: string, code: string): boolean {
  const pattern = new RegExp(String.raw`["']${name}["']\s*(?::|\]\s*=)\s*(?=True\b)`, "g");
  return [...text.matchAll(pattern)].some((match) => code.startsWith("True", match.index + match[0].length));
}

/** A string literal without escapes, or the name of a constant that is one; anything else is not known. */
function stringOf(source: string | undefined, text: string): string | undefined {
  const literal = /^(["'])([^"'\\]*)\1$/.exec(source ?? "");
  if (literal !== null) return literal[2];
  if (source === undefined || !/^[A-Za-z_]\w*$/.test(source)) return undefined;
  const assignment = new RegExp(
    String.raw`^${source}[ \t]*(?::[^=\n]+)?=[ \t]*(["'])([^"'\\\n]*)\1[ \t]*(?:#.*)?$`,
    "m",
  );
  return assignment.exec(text)?.[2];
}

const variablesOf = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\b(?:environ(?:\.get)?|getenv)\s*[[(]\s*["']([A-Za-z_][A-Za-z0-9_]*)["']/g)].map(
      ([, name]) => name ?? "",
    ),
  ),
];
