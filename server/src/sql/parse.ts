/** The way into this layer: SQL text in, statements with what they do out. */
import type { Dialect } from "./action.ts";
import { opaque } from "./draft.ts";
import { keywordActions } from "./keyword.ts";
import { maskPlaceholders } from "./placeholders.ts";
import { loadOther, otherGrammar } from "./other/statement.ts";
import { loadPostgres } from "./postgres/grammar.ts";
import { postgresActions } from "./postgres/statement.ts";
import { scan } from "./scan.ts";
import type { Grammar } from "./source.ts";
import { splitStatements, type Piece } from "./split.ts";
import type { SqlStatement } from "./statement.ts";

/** Characters of a text that a grammar is asked to parse; beyond it only the leading keywords are read. */
export const longestParsed = 256 * 1024;

/** Loads the dialect's grammar. Before that (and for Oracle, which has none here) `parseSql` knows keywords only. */
export async function loadSql(dialect: Dialect): Promise<void> {
  await (dialect === "postgresql" ? loadPostgres() : loadOther(dialect));
}

/**
 * The statements of a text and what each does. Never throws: what no grammar understands is read by its leading
 * keywords, and what these do not tell is `opaque`. Bind parameters and unknown parts (`HOLE`) may stand anywhere.
 */
export function parseSql(text: string, dialect: Dialect): SqlStatement[] {
  const tokens = scan(text, dialect);
  return splitStatements(text, tokens, dialect).flatMap((piece) => parsePiece(text, piece, dialect));
}

const noGrammar: Grammar = () => ({ error: "there is no grammar for this dialect" });
const grammars: Record<Dialect, Grammar> = {
  postgresql: postgresActions,
  mysql: otherGrammar("mysql"),
  mariadb: otherGrammar("mariadb"),
  sqlite: otherGrammar("sqlite"),
  mssql: otherGrammar("mssql"),
  oracle: noGrammar,
};

function parsePiece(text: string, piece: Piece, dialect: Dialect): readonly SqlStatement[] {
  const start = piece[0]?.start ?? 0;
  const range = { start, end: piece.at(-1)?.end ?? start };
  const written = text.slice(range.start, range.end);
  const why = ((): string | readonly SqlStatement[] => {
    if (text.length > longestParsed) return `the SQL is longer than ${String(longestParsed / 1024)} kB`;
    try {
      const tokens = scan(written, dialect);
      const understood = grammars[dialect]({
        text: maskPlaceholders(written, tokens, dialect),
        tokens,
        written,
      });
      if ("error" in understood) return understood.error;
      return understood.statements.map(({ range: inner, actions }) => ({
        range: { start: start + inner.start, end: start + inner.end },
        actions,
        confidence: "parsed",
      }));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  })();
  if (typeof why !== "string") return why;
  const actions = keywordActions(text, piece, dialect);
  return [{ range, actions: actions.length > 0 ? actions : [opaque()], confidence: "keyword", why }];
}
