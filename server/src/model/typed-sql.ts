/** SQL in literals that are being typed, at the places where it stands: nothing is moved by escapes or by what is computed. */
import { HOLE } from "../sql/hole.ts";
import type { StringToken } from "../syntax/lexemes.ts";

/** A literal that is SQL wherever it stands. */
const statement =
  /^\s*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|ALTER\s+(?:TABLE|INDEX|TYPE)|CREATE\s+\w+|DROP\s+(?:TABLE|INDEX|TYPE|VIEW)|TRUNCATE|COMMENT\s+ON|WITH)\s/;

export const beginsStatement = (text: string): boolean => statement.test(text);

/** Of literals that are put together: as wide as the source from the first to the last of them. */
export function blankedSql(text: string, strings: readonly StringToken[]): string {
  let sql = "";
  const start = strings[0]?.content.start ?? 0;
  for (const { content, prefix } of strings) {
    sql += blankGap(text.slice(start + sql.length, content.start));
    sql += blankContent(text.slice(content.start, content.end), prefix);
  }
  return sql;
}

const blankGap = (gap: string): string =>
  gap
    .replaceAll(/[\p{L}\p{N}_.]/gu, (part) => HOLE.repeat(part.length))
    .replaceAll(new RegExp(`[^\\s${HOLE}]`, "g"), " ");

/** As wide as the source: an escape becomes what it stands for behind a blank. */
function blankContent(content: string, prefix: string): string {
  const plain = prefix.includes("r")
    ? content
    : content.replaceAll(/\\(\r\n|[^])/g, (_, what: string) => ` ${what === "\r\n" ? "  " : (escaped[what] ?? what)}`);
  if (!prefix.includes("f") && !prefix.includes("t")) return plain;
  return plain.replaceAll(/\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}?/g, (part) =>
    part === "{{" || part === "}}" ? ` ${part.charAt(0)}` : HOLE.repeat(part.length),
  );
}

const escaped: Readonly<Record<string, string>> = { n: " ", t: " ", r: " ", f: " ", v: " ", "\n": " " };
