/** One statement through PostgreSQL's grammar. */
import type { RawStmt } from "libpg-query";
import type { Action } from "../action.ts";
import { loosenHoles } from "../loosen.ts";
import { scan } from "../scan.ts";
import type { Source, Understood } from "../source.ts";
import { actionsOf } from "./actions.ts";
import { parsePostgres } from "./grammar.ts";
import { SqlText } from "./text.ts";

export function postgresActions({ text, tokens }: Source): Understood {
  const first = parsePostgres(text, tokens);
  if ("ok" in first) return read(new SqlText(text, tokens), first.ok.stmts ?? []);
  if (first.final) return first;
  for (const loosened of loosenHoles(text, scan(text, "postgresql"))) {
    const scanned = scan(loosened.text, "postgresql");
    const again = parsePostgres(loosened.text, scanned);
    const statement = "ok" in again && again.ok.stmts?.length === 1 ? again.ok.stmts[0]?.stmt : undefined;
    if (!statement) continue;
    const actions = actionsOf(statement, { text: new SqlText(loosened.text, scanned) });
    const range = { start: 0, end: text.length };
    return { statements: [{ range, actions: loosened.drops ? actions.map(withDroppedPart) : actions }] };
  }
  return first;
}

/** What was left out may have restricted the rows. */
function withDroppedPart(action: Action): Action {
  const { hasWhere, ...details } = action.details;
  return { ...action, details: hasWhere ? action.details : details, incomplete: true };
}

function read(sql: SqlText, statements: readonly RawStmt[]): Understood {
  const text = sql.whole;
  if (statements.length === 1) {
    const only = statements[0]?.stmt;
    return {
      statements: [{ range: { start: 0, end: text.length }, actions: only ? actionsOf(only, { text: sql }) : [] }],
    };
  }
  // The grammar saw more statements than the scanner: its own positions hold, in bytes of UTF-8.
  const toOffset = utf16Offsets(text);
  const found = statements.flatMap(({ stmt, stmt_location: at = 0, stmt_len: length }) => {
    if (!stmt) return [];
    const start = toOffset(at);
    const end = length === undefined ? text.length : toOffset(at + length);
    const significant = scan(text.slice(start, end), "postgresql").filter((token) => token.kind !== "comment");
    const range = { start: start + (significant[0]?.start ?? 0), end: start + (significant.at(-1)?.end ?? 0) };
    return [{ range, actions: actionsOf(stmt, { text: sql }) }];
  });
  return found.length > 0 ? { statements: found } : { error: "there is no statement" };
}

/** From bytes of UTF-8 to UTF-16 code units. Asked with rising offsets it walks the text once. */
export function utf16Offsets(text: string): (bytes: number) => number {
  let byte = 0;
  let unit = 0;
  return (bytes) => {
    if (bytes < byte) byte = unit = 0;
    while (byte < bytes && unit < text.length) {
      const code = text.codePointAt(unit) ?? 0;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      unit += code < 0x10000 ? 1 : 2;
    }
    return unit;
  };
}
