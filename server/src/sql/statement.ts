import type { Range } from "../text/range.ts";
import type { Action, Dialect } from "./action.ts";

/** One statement of a SQL text. */
export interface SqlStatement {
  /** Where it stands in the text that was given, in UTF-16 code units. */
  readonly range: Range;
  /** Usually one; `ALTER TABLE` with several subcommands and writing CTEs have more. Never empty. */
  readonly actions: readonly Action[];
  /** `parsed`: through the dialect's grammar. `keyword`: the grammar failed and only leading keywords are known. */
  readonly confidence: "parsed" | "keyword";
  /** The dialect whose grammar understood it, where that is not the one that was asked for. */
  readonly dialect?: Dialect;
  /** Why the grammar failed, in words, where it did. */
  readonly why?: string;
  /** The words of the asked dialect's own grammar, where it read all of the statement and refuses it. */
  readonly refusal?: string;
}
