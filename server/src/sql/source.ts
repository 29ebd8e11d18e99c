import type { Token } from "./scan.ts";
import type { SqlStatement } from "./statement.ts";

/** One statement as a grammar gets it. */
export interface Source {
  /** With placeholders replaced. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** As it was written. */
  readonly written: string;
}

export type Understood =
  | { readonly statements: readonly Pick<SqlStatement, "range" | "actions">[] }
  | {
      readonly error: string;
      /** Another grammar need not be asked. */
      readonly final?: true;
    };

/** Reads one statement with a dialect's grammar. It may throw; then the keywords are read instead. */
export type Grammar = (source: Source) => Understood;
