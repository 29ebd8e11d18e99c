/** Python and SQL literals in the manner of the file that they are put into. */
import type { RevisionFile } from "../model/revision.ts";
import type { Dialect, QualifiedName } from "../sql/action.ts";
import { quoteName } from "../sql/quote.ts";
import { slice } from "../text/range.ts";

export type Quote = "'" | '"';

/** The quotes that the file writes its revision id in. */
export function quoteOf(file: RevisionFile): Quote {
  const { revision, downRevision } = file.identifiers;
  for (const identifier of [revision, downRevision]) {
    const found = identifier && /['"]/.exec(slice(file.text, identifier.range))?.[0];
    if (found === "'" || found === '"') return found;
  }
  return '"';
}

/** A string literal on one line, in the quotes asked for unless the others save escapes. */
export function renderString(value: string, quote: Quote): string {
  const other: Quote = quote === '"' ? "'" : '"';
  const used: Quote = value.includes(quote) && !value.includes(other) ? other : quote;
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll(used, `\\${used}`)
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return used + escaped + used;
}

export const renderTable = (name: QualifiedName, dialect: Dialect): string =>
  [name.schema, name.name].flatMap((part) => (part === undefined ? [] : quoteName(part, dialect))).join(".");
