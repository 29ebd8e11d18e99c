/** Python's side of a parameter: its name, and the expression that gives its value. */
import { Refused } from "../../rewrite/refused.ts";
import type { Hole } from "./holes.ts";

/** What stood in quotes was a string, whatever it was before. */
export function textValue(pieces: readonly (string | Hole)[]): string {
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === "object" && !only.isFormatted)
    return only.value.isText ? only.value.code : `str(${only.value.code})`;
  const inner = pieces.map((piece) =>
    typeof piece === "string" ? piece.replaceAll(/[{}]/g, "$&$&") : `{${piece.value.code}}`,
  );
  if (pieces.some((piece) => typeof piece === "object" && piece.isFormatted))
    throw new Refused("A value is formatted on its way into the SQL, which a parameter does not do.");
  const text = inner.join("");
  const quote = ['"', "'"].find((one) => !text.includes(one));
  if (quote === undefined || /[\\\r\n]/.test(text))
    throw new Refused("The text around a value holds quotes or line breaks that cannot stand in a string of Python.");
  return `f${quote}${text}${quote}`;
}

/** The word in lower case, unlike the others. */
export function nameFor(word: string, taken: ReadonlySet<string>): string {
  const base = word.toLowerCase();
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}_${i}`;
    if (!taken.has(name)) return name;
  }
}
