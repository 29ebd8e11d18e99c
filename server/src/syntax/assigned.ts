/** What a name stands for where something is being typed, as far as a plain assignment tells: the tokens of its value. */
import { range, type Range } from "../text/range.ts";
import { cutBlocks } from "./blocks.ts";
import { lexemes, type Lexeme } from "./lexemes.ts";

/** The last assignment before the place in the same block of code; else the last one of the module. */
export function assignedTo(text: string, offset: number, name: string): readonly Lexeme[] | undefined {
  const blocks = cutBlocks(text, range(0, text.length));
  const own = blocks.find(({ start, end }) => start <= offset && offset <= end);
  const local = own && within(text, own, name).findLast((value) => endOf(value) <= offset);
  if (local) return local;
  const others = blocks.filter((block) => block !== own && text.startsWith(name, block.start));
  return others.flatMap((block) => within(text, block, name).slice(0, 1)).at(-1);
}

const endOf = (tokens: readonly Lexeme[]): number => tokens.at(-1)?.end ?? Infinity;

const opening = new Set(["(", "[", "{"]);
const closing = new Set([")", "]", "}"]);

/** The values that statements of the block give to the name, in their order. */
function within(text: string, block: Range, name: string): readonly (readonly Lexeme[])[] {
  return statements(text, lexemes(text, block)).flatMap((statement) => {
    const [target, ...rest] = statement;
    if (target === undefined || written(text, target) !== name) return [];
    const sign = rest[0] && written(text, rest[0]);
    // `TABLE: str = "users"`.
    const at = sign === "=" ? 0 : sign === ":" ? rest.findIndex((token) => written(text, token) === "=") : -1;
    const value = at < 0 ? [] : rest.slice(at + 1);
    return value.length > 0 ? [value] : [];
  });
}

function statements(text: string, tokens: readonly Lexeme[]): readonly (readonly Lexeme[])[] {
  const found: Lexeme[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const sign = token.kind === "operator" ? written(text, token) : "";
    if (opening.has(sign)) depth++;
    if (closing.has(sign)) depth = Math.max(0, depth - 1);
    if (token.kind !== "line") found.at(-1)?.push(token);
    else if (depth === 0) found.push([]);
  }
  return found;
}

const written = (text: string, { start, end }: Lexeme): string => text.slice(start, end);
