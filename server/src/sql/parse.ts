/** The way into this layer: SQL text in, statements with what they do out. */
import type { Dialect } from "./action.ts";
import { withCalled } from "./calls.ts";
import { opaque } from "./draft.ts";
import { readKeywords } from "./keyword.ts";
import { maskPlaceholders } from "./placeholders.ts";
import { otherGrammar, provideOther, type Provide } from "./other/statement.ts";
import { loadPostgres } from "./postgres/grammar.ts";
import { postgresActions } from "./postgres/statement.ts";
import { scan } from "./scan.ts";
import type { Grammar, Understood } from "./source.ts";
import { guardedPieces, splitStatements, type Piece } from "./split.ts";
import type { SqlStatement } from "./statement.ts";

/** Characters of a text that a grammar is asked to parse; beyond it only the leading keywords are read. */
export const longestParsed = 256 * 1024;

/**
 * Loads PostgreSQL's grammar, and notes where the other dialects' come from when they are asked for. Before that (and
 * for Oracle, which has none here) `parseSql` knows keywords only.
 */
export async function loadSql(provide: Provide): Promise<void> {
  provideOther(provide);
  await loadPostgres();
}

/**
 * The statements of a text and what each does. Never throws: what no grammar understands is read by its leading
 * keywords, and what these do not tell is `opaque`. Bind parameters and unknown parts (`HOLE`) may stand anywhere.
 */
export function parseSql(text: string, dialect: Dialect): readonly SqlStatement[] {
  const tokens = scan(text, dialect);
  const statements = splitStatements(text, tokens, dialect).flatMap((piece) => parsePiece(text, piece, dialect));
  return withCalled(statements);
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

/**
 * Projects that run on several servers branch over them, each branch with its server's own SQL; what the project's
 * dialect refuses is therefore tried on the others, in this order.
 */
const others: readonly Dialect[] = ["postgresql", "mysql", "sqlite", "mssql"];

/** Longer statements are not tried on every grammar. */
const longestTriedOnAll = 16 * 1024;

/** Guards in guards that are looked into. */
const deepestGuard = 8;

function parsePiece(text: string, piece: Piece, dialect: Dialect, guards = 0): readonly SqlStatement[] {
  const start = piece[0]?.start ?? 0;
  const range = { start, end: piece.at(-1)?.end ?? start };
  const tooLong = text.length > longestParsed;
  const understood = tooLong
    ? { error: `the SQL is longer than ${String(longestParsed / 1024)} kB`, refusal: undefined }
    : understandAny(text.slice(range.start, range.end), dialect);
  if ("statements" in understood) {
    return understood.statements.map(({ range: inner, actions }) => ({
      range: { start: start + inner.start, end: start + inner.end },
      actions,
      confidence: "parsed",
      ...(understood.by !== dialect && { dialect: understood.by }),
      ...(understood.refusal !== undefined && { refusal: shortened(understood.refusal) }),
    }));
  }
  const inside = guards < deepestGuard ? guardedPieces(text, piece, dialect) : undefined;
  if (inside) return inside.flatMap((one) => parsePiece(text, one, dialect, guards + 1));
  const { actions, whole, of } = readKeywords(text, piece, dialect);
  if (whole && !tooLong) {
    const refused = of && { dialect: of, refusal: shortened(understood.refusal ?? understood.error) };
    return [{ range, actions, confidence: "parsed", ...refused }];
  }
  return [
    {
      range,
      actions: actions.length > 0 ? actions : [opaque()],
      confidence: "keyword",
      why: shortened(understood.error),
      ...(understood.refusal !== undefined && { refusal: shortened(understood.refusal) }),
    },
  ];
}

/** A grammar quotes what it stumbled over, which may be megabytes of text. */
const shortened = (message: string): string => (message.length > 160 ? `${message.slice(0, 160).trimEnd()}…` : message);

type UnderstoodBy = Understood & { readonly by: Dialect };

/** `refusal`: what the asked dialect's own grammar objects to. */
function understandAny(written: string, dialect: Dialect): UnderstoodBy & { readonly refusal?: string | undefined } {
  const own = understand(written, dialect);
  if ("statements" in own || own.final === true) return own;
  const refusal = own.error;
  if (written.length > longestTriedOnAll) return { ...own, refusal };
  const family = (one: Dialect): Dialect => (one === "mariadb" ? "mysql" : one);
  for (const other of others) {
    if (family(other) === family(dialect)) continue;
    const understood = understand(written, other);
    if ("statements" in understood) return { ...understood, refusal };
  }
  return { ...own, refusal };
}

function understand(written: string, dialect: Dialect): UnderstoodBy {
  try {
    const tokens = scan(written, dialect);
    return { ...grammars[dialect]({ text: maskPlaceholders(written, tokens, dialect), tokens, written }), by: dialect };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), by: dialect };
  }
}
