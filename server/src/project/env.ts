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
  const keywords = new Map<string, string>();
  for (const call of code.matchAll(/\bconfigure\s*\(/g)) {
    for (const [name, value] of keywordArguments(text, code, call.index + call[0].length)) {
      if (!keywords.has(name)) keywords.set(name, value);
    }
  }
  const dialect = dialectOfPython(text);
  return {
    importsAlembic: /^[ \t]*(?:from|import)[ \t]+alembic\b/m.test(code),
    transactionPerMigration: keywords.get("transaction_per_migration") === "True",
    renderAsBatch: keywords.get("render_as_batch") === "True",
    ...literal("versionTable", keywords.get("version_table")),
    ...literal("versionTableSchema", keywords.get("version_table_schema")),
    variables: variablesOf(text),
    ...(dialect === undefined ? {} : { dialect }),
  };
}

/** A plain string literal without escapes; anything else is not known. */
function literal<K extends string>(key: K, source: string | undefined): { readonly [P in K]?: string } {
  const value = /^(["'])([^"'\\]*)\1$/.exec(source ?? "")?.[2];
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

const variablesOf = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\b(?:environ(?:\.get)?|getenv)\s*[[(]\s*["']([A-Za-z_][A-Za-z0-9_]*)["']/g)].map(
      ([, name]) => name ?? "",
    ),
  ),
];
