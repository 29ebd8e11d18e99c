/**
 * Bind parameters and unknown parts are no SQL: before a grammar sees the text they are replaced by something of the
 * same width that it accepts in their place, so that every position stays true.
 */
import type { Dialect } from "./action.ts";
import { HOLE } from "./hole.ts";
import type { Token } from "./scan.ts";

/** The text with every placeholder replaced; as long as the text that was given. */
export function maskPlaceholders(text: string, tokens: readonly Token[], dialect: Dialect): string {
  let out = "";
  let at = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const last = endOfEscapedColons(text, tokens, i);
    const end = tokens[last]?.end ?? token.end;
    out +=
      text.slice(at, token.start) +
      (last > i ? unescapeColons(end - token.start) : mask(text.slice(token.start, token.end), token, dialect));
    at = end;
    i = last;
  }
  return out + text.slice(at);
}

function mask(written: string, token: Token, dialect: Dialect): string {
  if (token.kind === "parameter") return maskParameter(written, dialect);
  if (token.kind === "number") return written.split(HOLE).join("0");
  // `%` doubled for a driver's string formatting.
  if (token.kind === "operator" && written === "%%") return "% ";
  return written;
}

function maskParameter(written: string, dialect: Dialect): string {
  if (dialect !== "postgresql") {
    if (written.startsWith(":") || written === "?") return written;
    return written === "%s" ? "? " : `:${written.slice(2, -2)}`.padEnd(written.length);
  }
  // One character wide: only a letter fits, and the hole is one that no name contains.
  return written === "?" ? HOLE : "$1".padEnd(written.length);
}

/** SQLAlchemy's `text()` wants a colon that is no parameter as `\:`. Index of the last token of such a run. */
function endOfEscapedColons(text: string, tokens: readonly Token[], from: number): number {
  let last = from;
  for (let i = from; ; i += 2) {
    const slash = tokens[i];
    const colon = tokens[i + 1];
    const joined = slash && colon && slash.end === colon.start && slash.end - slash.start === 1;
    if (!joined || text[slash.start] !== "\\" || text.slice(colon.start, colon.end) !== ":") return last;
    if (i > from && tokens[i - 1]?.end !== slash.start) return last;
    last = i + 1;
  }
}

const unescapeColons = (width: number): string => " ".repeat(width / 2) + ":".repeat(width / 2);
